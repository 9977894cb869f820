package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Speaks to a simulated Oore daemon, without manners of its own. */
final class OoreClient {
    static final String OORE = "oore";
    static final String CLAIM = "{\"protocol_version\":4}";

    /** A runner: its id and its token. */
    record Identity(String id, String token) {
        static Identity of(String credential) {
            String[] parts = credential.split(" ", 2);
            return new Identity(parts[0], parts[1]);
        }
    }

    private final Simulator simulator;
    private final StudioClient client;

    OoreClient(Simulator simulator, StudioClient client) {
        this.simulator = simulator;
        this.client = client;
    }

    Identity runner(int index) {
        return Identity.of(simulator.credentials(OORE).get(index));
    }

    String person(String name) {
        return String.valueOf(simulator.idTokens(OORE).get(name));
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

    StudioClient.Reply raw(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        return StudioClient.now(client.send(HttpMethod.valueOf(method), uri(path), headers, body));
    }

    StudioClient.Reply send(String method, String path, @Nullable String token, @Nullable String body) {
        return StudioClient.now(sendLater(method, path, token, body));
    }

    /** A call of this runner below its own path. */
    StudioClient.Reply as(Identity runner, String method, String below, @Nullable String body) {
        return send(method, "/v1/runners/" + runner.id() + below, runner.token(), body);
    }

    /** Claims; the job, or a missing node. */
    JsonNode claim(Identity runner) {
        return as(runner, "POST", "/claim", CLAIM).json().path("job");
    }

    StudioClient.Reply status(Identity runner, String job, String status) {
        return as(runner, "POST", "/jobs/" + job + "/status", "{\"status\":\"" + status + "\"}");
    }

    StudioClient.Reply log(Identity runner, String job, long sequence, String content) {
        return as(runner, "POST", "/jobs/" + job + "/logs", "{\"chunks\":[{\"sequence\":" + sequence
                + ",\"content\":\"" + content + "\",\"stream\":\"stdout\"}]}");
    }

    StudioClient.Reply reserve(Identity runner, String job, String name, String more) {
        return as(runner, "POST", "/jobs/" + job + "/artifacts",
                "{\"name\":\"" + name + "\",\"artifact_type\":\"apk\"" + more + "}");
    }

    StudioClient.Reply finish(Identity runner, String job, String artifact, String verb) {
        return as(runner, "POST", "/jobs/" + job + "/artifacts/" + artifact + "/" + verb, "{}");
    }

    /** Uploads to where the URL leads when its host is replaced by the daemon's. */
    StudioClient.Reply put(String uploadUrl, byte[] content) {
        int at = uploadUrl.indexOf("/v1/artifacts/");
        URI uri = at < 0 ? URI.create(uploadUrl) : uri(uploadUrl.substring(at));
        return StudioClient.now(client.send(HttpMethod.PUT, uri,
                Map.of("Content-Length", String.valueOf(content.length)), content));
    }

    StudioClient.Reply lever(String body) {
        return send("POST", "/v1/_sim/levers", person("oore-owner"), body);
    }

    URI uri(String path) {
        return URI.create(simulator.url(OORE) + path);
    }

    static String code(StudioClient.Reply reply) {
        return reply.status() + " " + reply.json().path("code").asString("");
    }
}
