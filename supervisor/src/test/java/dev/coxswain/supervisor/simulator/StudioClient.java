package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

/** A client without any manners of its own: what a test says is what is sent. */
final class StudioClient implements AutoCloseable {
    static final String STUDIO = "xenonflare-studio";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What came back. */
    record Reply(int status, HttpHeaders headers, String body) {
        JsonNode json() {
            return Json.read(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final Simulator simulator;
    private final ConnectionProvider connections = ConnectionProvider.create("studio-client", 64);
    private final HttpClient http = HttpClient.create(connections).disableRetry(true);

    StudioClient(Simulator simulator) {
        this.simulator = simulator;
    }

    String token(int index) {
        return simulator.tokens(STUDIO).get(index);
    }

    Mono<Reply> send(HttpMethod method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
        return http.headers(h -> headers.forEach(h::set)).request(method).uri(uri)
                .send(body == null
                        ? Mono.empty()
                        : ByteBufFlux.from(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
                .responseSingle((head, bytes) -> bytes.asString().defaultIfEmpty("")
                        .map(text -> new Reply(head.status().code(), head.responseHeaders(), text)));
    }

    Mono<Reply> callLater(String token, String endpoint, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return send(HttpMethod.POST, URI.create(simulator.url(STUDIO) + "/" + endpoint),
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Content-Length",
                        String.valueOf(bytes.length)),
                bytes);
    }

    Reply call(String token, String endpoint, String body) {
        return now(callLater(token, endpoint, body));
    }

    /** Leases with the runner of this number; the project's id. */
    String lease(int runner) {
        JsonNode answer = call(token(runner), "leaseRunnerJob", "{}").json();
        return answer.path("projectId").stringValue();
    }

    Reply heartbeat(int runner, String project) {
        return call(token(runner), "heartbeatRunnerJob", "{\"projectId\":\"" + project + "\"}");
    }

    Reply sign(int runner, String project, String path, String type) {
        return call(token(runner), "runnerSignUpload", "{\"projectId\":\"" + project + "\",\"uploads\":[{\"path\":\""
                + path + "\",\"contentType\":\"" + type + "\"}]}");
    }

    Reply complete(int runner, String project, String videoUrl) {
        return call(token(runner), "completeRunnerJob",
                "{\"projectId\":\"" + project + "\",\"videoUrl\":\"" + videoUrl + "\"}");
    }

    Reply fail(int runner, String project) {
        return call(token(runner), "failRunnerJob", "{\"projectId\":\"" + project + "\",\"error\":\"it broke\"}");
    }

    Reply put(String url, String type, byte[] content) {
        return put(url, Map.of("Content-Type", type, "Content-Length", String.valueOf(content.length)), content);
    }

    Reply put(String url, Map<String, String> headers, byte[] content) {
        return now(send(HttpMethod.PUT, URI.create(url), headers, content));
    }

    Reply get(String url) {
        return now(send(HttpMethod.GET, URI.create(url), Map.of(), null));
    }

    /** Signs, uploads and completes a job that this runner holds; the public URL. */
    String finish(int runner, String project) {
        JsonNode upload = sign(runner, project, "video.mp4", "video/mp4").json().path("uploads").path(0);
        put(upload.path("uploadUrl").stringValue(), "video/mp4", new byte[]{1, 2, 3});
        String reference = upload.path("publicUrl").stringValue();
        complete(runner, project, reference);
        return reference;
    }

    static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    @Override
    public void close() {
        connections.disposeLater().block(PATIENCE);
    }
}
