package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Speaks to a simulated shithub server, without manners of its own. */
final class ShithubClient {
    static final String SHITHUB = "shithub";

    /** A job that was claimed, with the token that its next call wants. */
    static final class Claimed {
        final JsonNode job;
        String token;

        Claimed(JsonNode claim) {
            job = claim.path("job");
            token = claim.path("token").stringValue();
        }

        long id() {
            return job.path("id").longValue();
        }

        long step(int index) {
            return job.path("steps").path(index).path("id").longValue();
        }

        int steps() {
            return job.path("steps").size();
        }
    }

    private final Simulator simulator;
    private final StudioClient client;

    ShithubClient(Simulator simulator, StudioClient client) {
        this.simulator = simulator;
        this.client = client;
    }

    String token(int runner) {
        return simulator.tokens(SHITHUB).get(runner);
    }

    Mono<StudioClient.Reply> sendLater(String method, String path, @Nullable String token, @Nullable String body) {
        Map<String, String> headers = new HashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        if (bytes != null) {
            headers.put("Content-Type", "application/json");
            headers.put("Content-Length", String.valueOf(bytes.length));
        }
        return client.send(HttpMethod.valueOf(method), uri(path), headers, bytes);
    }

    StudioClient.Reply send(String method, String path, @Nullable String token, @Nullable String body) {
        return StudioClient.now(sendLater(method, path, token, body));
    }

    StudioClient.Reply raw(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        return StudioClient.now(client.send(HttpMethod.valueOf(method), uri(path), headers, body));
    }

    StudioClient.Reply beat(int runner, String body) {
        return send("POST", "/api/v1/runners/heartbeat", token(runner), body);
    }

    /** Claims with the capacity of the runner as it is. */
    Claimed claim(int runner) {
        StudioClient.Reply reply = beat(runner, "{}");
        if (reply.status() != 200) {
            throw new IllegalStateException("nothing to claim: " + reply.status() + " " + reply.body());
        }
        return new Claimed(reply.json());
    }

    /** Claims and throws away until the claimed job is of this workflow. */
    Claimed claim(int runner, String workflow) {
        lever("{\"rate_limit\":0}");
        for (int i = 0; i < 20; i++) {
            Claimed claimed = new Claimed(beat(runner, "{\"active_job_ids\":[]}").json());
            if (claimed.job.path("job_name").asString("").equals(workflow)) {
                return claimed;
            }
            status(claimed, "cancelled", null);
        }
        throw new IllegalStateException("no job of " + workflow);
    }

    /** A call about the job; the next token is kept. */
    StudioClient.Reply call(Claimed claimed, String below, String body) {
        StudioClient.Reply reply = send("POST", "/api/v1/jobs/" + claimed.id() + below, claimed.token, body);
        if (reply.status() / 100 == 2) {
            claimed.token = Objects.requireNonNullElse(reply.json().path("next_token").asString(""), "");
        }
        return reply;
    }

    StudioClient.Reply status(Claimed claimed, String status, @Nullable String conclusion) {
        return call(claimed, "/status", state(status, conclusion));
    }

    StudioClient.Reply step(Claimed claimed, int index, String status, @Nullable String conclusion) {
        return call(claimed, "/steps/" + claimed.step(index) + "/status", state(status, conclusion));
    }

    /** Reports every step and the job as this. */
    StudioClient.Reply finish(Claimed claimed, String conclusion) {
        for (int i = 0; i < claimed.steps(); i++) {
            step(claimed, i, "completed", conclusion);
        }
        return status(claimed, "completed", conclusion);
    }

    StudioClient.Reply log(Claimed claimed, int step, int sequence, String text) {
        return call(claimed, "/logs", chunk(claimed.step(step), sequence, text.getBytes(StandardCharsets.UTF_8)));
    }

    static String chunk(long step, int sequence, byte[] content) {
        return "{\"seq\":" + sequence + ",\"step_id\":" + step + ",\"chunk\":\""
                + Base64.getEncoder().encodeToString(content) + "\"}";
    }

    static String state(String status, @Nullable String conclusion) {
        return "{\"status\":\"" + status + "\"" + (conclusion == null ? "" : ",\"conclusion\":\"" + conclusion + "\"")
                + "}";
    }

    StudioClient.Reply put(String url, byte[] content) {
        return StudioClient.now(client.send(HttpMethod.PUT, URI.create(url),
                Map.of("Content-Length", String.valueOf(content.length)), content));
    }

    StudioClient.Reply lever(String body) {
        return send("POST", "/_sim/levers", owner(), body);
    }

    /** The job as people see it. */
    JsonNode page(Claimed claimed) {
        for (JsonNode page : send("GET", "/_sim/jobs", owner(), null).json().values()) {
            if (page.path("id").longValue() == claimed.id()) {
                return page;
            }
        }
        throw new IllegalStateException("the job has no page");
    }

    String owner() {
        return String.valueOf(simulator.idTokens(SHITHUB).get("shithub-owner"));
    }

    URI uri(String path) {
        return URI.create(simulator.url(SHITHUB) + path);
    }

    /** Status and message. */
    static String said(StudioClient.Reply reply) {
        return reply.status() + " " + reply.json().path("error").asString("");
    }
}
