package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import tools.jackson.databind.JsonNode;

/**
 * What a claim answer gives: a job below {@code job}, or flat as the first description of the protocol had it (contract
 * oore-ci 2).
 *
 * @param build the id in all later paths
 * @param signingGrant what signing material is asked for with; null when the claim gave none that can be sent
 * @param proxyPath where the daemon says that it hands out the sources; empty without that
 */
record ClaimedJob(String build, LeaseTerm term, @Nullable Secret signingGrant, String proxyPath) {
    private static final Duration USUAL = Duration.ofMinutes(5);

    /** The job's object in a claim answer; missing when there is no job. */
    static JsonNode job(JsonNode body) {
        return body.has("job") || !body.has("build_id") ? body.path("job") : body;
    }

    /** Reads a job; null when it has no id, which is no answer of the contract. */
    static @Nullable ClaimedJob read(JsonNode job, JsonAnswer answer, FleetClock clock) {
        String build = job.path("build_id").asString("");
        if (build.isBlank() || build.length() > 200) {
            return null;
        }
        String grant = job.path("signing_token").asString("");
        return new ClaimedJob(build, term(job, answer, clock),
                grant.matches("[!-~]{1,500}") ? new Secret(grant) : null,
                job.path("config_snapshot").path("checkout_proxy_path").asString(""));
    }

    private static LeaseTerm term(JsonNode job, JsonAnswer answer, FleetClock clock) {
        JsonNode expires = job.path("lease_expires_at");
        Instant date = answer.serverDate();
        Duration told = expires.isIntegralNumber() && expires.canConvertToLong()
                ? Duration.ofSeconds(Math.subtractExact(Math.clamp(expires.asLong(), 0, 1L << 40),
                        (date == null ? clock.now() : date).getEpochSecond()))
                : USUAL;
        // longer than this the daemon never waits; a date that says so comes from a clock that differs
        Duration length = told.isNegative() ? Duration.ZERO : told.compareTo(USUAL) > 0 ? USUAL : told;
        return new LeaseTerm(answer.sentAtNanos(), length, true);
    }

    /** Hides all but the id. */
    @Override
    public String toString() {
        return "ClaimedJob[" + build + "]";
    }
}
