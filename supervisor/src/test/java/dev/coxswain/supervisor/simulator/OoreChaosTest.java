package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.simulator.OoreClient.Identity;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.OoreClient.CLAIM;
import static dev.coxswain.supervisor.simulator.OoreClient.OORE;
import static org.assertj.core.api.Assertions.assertThat;

/** Small runners of Oore builds that walk each one through as the contract wants it come out of chaos with a clean verdict. */
class OoreChaosTest extends SimulatorTestBase {
    private static final int JOBS = 60;
    private static final int RUNNERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** A definite answer: the build is not ours, or not any more; nothing more is sent for it. */
    private static final class GoneException extends RuntimeException {}

    /** The daemon says that this has happened already. */
    private static final class ConflictException extends RuntimeException {}

    private final SplittableRandom chance = new SplittableRandom(78);
    private Simulator simulator = new Simulator(SimulatorConfig.defaults());
    private StudioClient client = new StudioClient(simulator);
    private OoreClient oore = new OoreClient(simulator, client);

    @Test
    void wellBehavedRunnersAreClean() {
        simulator = start(SimulatorConfig.defaults().withProtocols(List.of(OORE)).withFaults(FaultProfile.chaos())
                .withJobs(JOBS).withTokens(RUNNERS).withSeed(44).withLeaseLength(Duration.ofSeconds(10)));
        client = client(simulator);
        oore = new OoreClient(simulator, client);

        Flux.range(0, RUNNERS).map(oore::runner)
                .flatMap(runner -> life(runner).repeat(() -> simulator.ledger().open() > 0), RUNNERS)
                .takeUntilOther(simulator.ledger().whenAllSettled()).blockLast(Duration.ofMinutes(2));

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.clean()).as(simulator.ledger().toJson(0, 0)).isTrue();
        assertThat(verdict.completed() + verdict.failed() + verdict.cancelled()).isEqualTo(JOBS);
        assertThat(verdict.completed()).isPositive();
        assertThat(verdict.failed()).isPositive();
        assertThat(simulator.ledger().faults(Fault.LATENCY)).isPositive();
    }

    /** One beat, one claim, and one build if there is one; a lost one is the end of it without an error. */
    private Mono<Void> life(Identity runner) {
        return clear(runner, "POST", "/heartbeat", "{\"status\":\"online\"}").onErrorComplete()
                .then(clear(runner, "POST", "/claim", CLAIM))
                .map(answer -> answer.has("job") ? answer.path("job") : answer)
                .filter(job -> job.has("build_id"))
                .flatMap(job -> build(runner, job.path("build_id").stringValue(),
                        job.path("signing_token").stringValue()))
                .onErrorComplete().then(Mono.delay(Duration.ofMillis(50))).then();
    }

    private Mono<Void> build(Identity runner, String job, String grant) {
        String path = "/jobs/" + job;
        boolean fails = chance.nextInt(4) == 0;
        return begin(runner, path).then(insist(runner, "GET", path + "/android-signing", null, grant))
                .thenMany(Flux.range(0, 3).concatMap(i -> insist(runner, "POST", path + "/logs", line(i), null)))
                .then(fails ? Mono.empty() : artifact(runner, path, 0))
                .then(insist(runner, "POST", path + "/status",
                        "{\"status\":\"" + (fails ? "failed" : "succeeded") + "\",\"exit_code\":" + (fails ? 1 : 0)
                                + "}",
                        null))
                .then();
    }

    /** A start whose answer was lost is refused the second time; then the state says whether it was ours. */
    private Mono<Void> begin(Identity runner, String path) {
        return insist(runner, "POST", path + "/status", "{\"status\":\"running\"}", null)
                .onErrorResume(ConflictException.class, e -> insist(runner, "GET", path, null, null)
                        .filter(state -> state.path("status").asString("").equals("running"))
                        .switchIfEmpty(Mono.error(new GoneException())))
                .then();
    }

    private static String line(int sequence) {
        return "{\"chunks\":[{\"sequence\":" + sequence + ",\"content\":\"line " + sequence
                + "\",\"stream\":\"stdout\"}]}";
    }

    /** Reserves, uploads once and completes; what goes wrong on the way is aborted and begins anew. */
    private Mono<Void> artifact(Identity runner, String path, int attempt) {
        if (attempt > 20) {
            return Mono.error(new IllegalStateException("no upload in 20 attempts"));
        }
        return insist(runner, "POST", path + "/artifacts",
                "{\"name\":\"app.apk\",\"artifact_type\":\"apk\",\"file_size\":3}", null).flatMap(reserved -> {
                    String artifact = path + "/artifacts/" + reserved.path("artifact").path("id").stringValue();
                    String url = reserved.path("upload_url").stringValue();
                    int own = url.indexOf("/v1/artifacts/local-upload/");
                    URI to = own < 0 ? URI.create(url) : oore.uri(url.substring(own));
                    return client.send(HttpMethod.PUT, to, Map.of("Content-Length", "3"), new byte[]{1, 2, 3})
                            .timeout(PATIENCE).map(StudioClient.Reply::status).onErrorReturn(0)
                            .flatMap(status -> status == 200
                                    ? once(runner, artifact + "/complete")
                                    : once(runner, artifact + "/abort").then(artifact(runner, path, attempt + 1)));
                });
    }

    private Mono<Void> once(Identity runner, String path) {
        return insist(runner, "POST", path, "{}", null).onErrorResume(ConflictException.class, e -> Mono.empty())
                .then();
    }

    private Mono<JsonNode> insist(Identity runner, String method, String below, @Nullable String body,
            @Nullable String grant) {
        return call(runner, method, below, body, grant).retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100))
                .filter(e -> !(e instanceof GoneException || e instanceof ConflictException)));
    }

    private Mono<JsonNode> clear(Identity runner, String method, String below, String body) {
        return call(runner, method, below, body, null);
    }

    /** An answer that says clearly that it worked; else an error. */
    private Mono<JsonNode> call(Identity runner, String method, String below, @Nullable String body,
            @Nullable String grant) {
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + runner.token()));
        if (bytes != null) {
            headers.put("Content-Type", "application/json");
            headers.put("Content-Length", String.valueOf(bytes.length));
        }
        if (grant != null) {
            headers.put("x-oore-signing-token", grant);
        }
        return client.send(HttpMethod.valueOf(method), oore.uri("/v1/runners/" + runner.id() + below), headers, bytes)
                .timeout(PATIENCE).flatMap(reply -> {
                    try {
                        return switch (reply.status()) {
                            case 200 -> Mono.just(reply.json());
                            case 204 -> Mono.just(Json.read("{}".getBytes(StandardCharsets.UTF_8)));
                            case 403, 404 -> Mono.error(new GoneException());
                            case 409 -> Mono.error(reply.body().contains("job_not_active")
                                    ? new GoneException()
                                    : new ConflictException());
                            default -> Mono.error(new IllegalStateException("answered " + reply.status()));
                        };
                    } catch (JacksonException e) {
                        return Mono.error(e);
                    }
                });
    }
}
