package dev.coxswain.supervisor.controlplane.shithub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.SourceAccess;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a claim answer gives (contract shithub-actions 4).
 *
 * @param document the job for its workload, without the tokens: they stay behind the lease
 * @param steps ids of the steps by their index; null when they are unusable
 * @param masks what no log may show
 * @param sources how git gets at the repository; null when the control plane gave no way
 */
record ClaimedJob(long id, Secret token, LeaseTerm term, JsonNode document, @Nullable List<Long> steps,
        List<Secret> masks, @Nullable SourceAccess sources) {
    /** The real runner's; any name is taken (section 11). */
    private static final String GIT_USER = "shithub-actions:";
    private static final int MOST_STEPS = 10_000;

    /** Reads a claim; null when it has no id or no token, which is no answer of the contract. */
    static @Nullable ClaimedJob read(JsonNode body, JsonAnswer answer, FleetClock clock) {
        JsonNode id = body.path("job").path("id");
        Secret token = Fates.token(body, "token");
        if (token == null || !(body.path("job") instanceof ObjectNode job) || !isId(id)) {
            return null;
        }
        List<Secret> masks = masks(job);
        Secret checkout = Fates.token(job, "checkout_token");
        SourceAccess sources = null;
        if (checkout != null) {
            String basic = Base64.getEncoder()
                    .encodeToString((GIT_USER + checkout.reveal()).getBytes(StandardCharsets.UTF_8));
            masks.add(checkout);
            masks.add(new Secret(basic));
            String url = job.path("checkout_url").asString("");
            // no user in it, no other scheme: what git gets is only what we mean
            if (url.matches("https?://[A-Za-z0-9.:\\[\\]-]+/[!-~&&[^@?#]]{1,2000}")) {
                sources = new SourceAccess(url, "Authorization: Basic " + basic);
            }
        }
        masks.add(token);
        job.remove("checkout_token");
        return new ClaimedJob(id.asLong(), token, JobTerms.read(body.path("expires_at"), answer, clock), job,
                steps(job.path("steps")), List.copyOf(masks), sources);
    }

    private static boolean isId(JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToLong() && id.asLong() > 0;
    }

    /** Those with something in them: an empty one would be found everywhere (trap 20). */
    private static List<Secret> masks(JsonNode job) {
        List<Secret> masks = new ArrayList<>();
        for (JsonNode each : job.path("mask_values")) {
            String value = each.asString("");
            if (!value.isEmpty()) {
                masks.add(new Secret(value));
            }
        }
        return masks;
    }

    private static @Nullable List<Long> steps(JsonNode array) {
        if (!array.isArray() || array.size() > MOST_STEPS) {
            return null;
        }
        Map<Long, Integer> places = new LinkedHashMap<>();
        for (JsonNode step : array) {
            JsonNode id = step.path("id");
            if (!isId(id) || places.put(id.asLong(), step.path("index").asInt(places.size())) != null) {
                return null;
            }
        }
        return places.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
    }

    /** Hides all but the id. */
    @Override
    public String toString() {
        return "ClaimedJob[" + id + "]";
    }
}
