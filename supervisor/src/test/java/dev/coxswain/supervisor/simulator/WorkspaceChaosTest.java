package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Small runners of workspace jobs that do as they please, but nothing wrong, come out of chaos with a clean verdict. */
class WorkspaceChaosTest extends SimulatorTestBase {
    private static final String WORKSPACE = "xenonflare-workspace";
    private static final int JOBS = 60;
    private static final int RUNNERS = 8;
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /** The lease is gone: nothing more is sent for it. */
    private static final class GoneException extends RuntimeException {}

    private final SplittableRandom chance = new SplittableRandom(77);
    private Simulator simulator = new Simulator(SimulatorConfig.defaults().withProtocols(List.of(WORKSPACE)));
    private StudioClient client = new StudioClient(simulator);

    @Test
    void randomButWellBehavedRunnersAreClean() {
        simulator = start(SimulatorConfig.defaults().withProtocols(List.of(WORKSPACE)).withFaults(FaultProfile.chaos())
                .withJobs(JOBS).withTokens(RUNNERS).withSeed(43).withLeaseLength(LEASE));
        client = client(simulator);

        Flux.fromIterable(simulator.tokens(WORKSPACE))
                .flatMap(token -> life(token).repeat(() -> simulator.ledger().open() > 0), RUNNERS)
                .takeUntilOther(simulator.ledger().whenAllSettled()).blockLast(Duration.ofMinutes(2));

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.clean()).as(simulator.ledger().toJson(0, 0)).isTrue();
        assertThat(verdict.completed() + verdict.failed()).isEqualTo(JOBS);
        assertThat(verdict.failed()).isPositive();
    }

    private Mono<Void> life(String token) {
        return Mono.defer(() -> {
            long sent = System.nanoTime();
            return clear(token, "leaseWorkspaceJob", "{}").filter(answer -> answer.path("leased").booleanValue())
                    .flatMap(answer -> job(token, answer.path("workspaceId").stringValue())
                            .timeout(LEASE.minus(MARGIN).minusNanos(System.nanoTime() - sent)))
                    .onErrorComplete().then(Mono.delay(Duration.ofMillis(50))).then();
        });
    }

    /** Asks for the context as often as it likes, beats in between, and ends one way or the other. */
    private Mono<Void> job(String token, String id) {
        String named = "{\"workspaceId\":\"" + id + "\"";
        Flux<JsonNode> steps = Flux.range(0, chance.nextInt(4)).concatMap(i -> insist(token,
                chance.nextBoolean() ? "getWorkspaceRunnerContext" : "heartbeatWorkspaceJob", named + "}"));
        Mono<JsonNode> end = Mono.defer(() -> chance.nextInt(4) == 0
                ? insist(token, "failWorkspaceJob", named + ",\"error\":\"no answer\"}")
                : insist(token, "completeWorkspaceJob", named + ",\"assistantMessage\":\"Ahoy\",\"files\":[],"
                        + "\"charts\":[],\"datasets\":[],\"svgs\":[],\"lists\":[],\"checklists\":[]}"));
        return steps.then(end).then();
    }

    private Mono<JsonNode> insist(String token, String endpoint, String body) {
        return clear(token, endpoint, body).retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100))
                .filter(failure -> !(failure instanceof GoneException)));
    }

    /** An answer that says clearly that it worked; else an error. */
    private Mono<JsonNode> clear(String token, String endpoint, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return client.send(HttpMethod.POST, URI.create(simulator.url(WORKSPACE) + "/" + endpoint),
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Content-Length",
                        String.valueOf(bytes.length)),
                bytes).timeout(Duration.ofSeconds(4)).flatMap(reply -> {
                    if (reply.status() == 409) {
                        return Mono.error(new GoneException());
                    }
                    try {
                        return reply.status() == 200 && !reply.body().startsWith("<")
                                ? Mono.just(reply.body().isEmpty()
                                        ? Json.read("{}".getBytes(StandardCharsets.UTF_8))
                                        : reply.json())
                                : Mono.error(new IllegalStateException("answered " + reply.status()));
                    } catch (JacksonException e) {
                        return Mono.error(e);
                    }
                });
    }
}
