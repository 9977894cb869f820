package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.StudioClient.STUDIO;
import static org.assertj.core.api.Assertions.assertThat;

/** A fleet of small but well-behaved runners must come out of chaos with a clean verdict: the judge is fair. */
class ChaosTest extends SimulatorTestBase {
    private static final int JOBS = 80;
    private static final int RUNNERS = 12;
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final Pattern SIGNED = Pattern.compile("http://[^\"]*X-Goog-Signature[^\"]*");

    /** The lease is gone: nothing more is sent for it. */
    private static final class GoneException extends RuntimeException {}

    private Simulator simulator = new Simulator(SimulatorConfig.defaults());
    private StudioClient client = new StudioClient(simulator);

    @Test
    void wellBehavedRunnersAreClean() {
        SimulatorConfig chaos = SimulatorConfig.defaults().withFaults(FaultProfile.chaos()).withJobs(JOBS)
                .withTokens(RUNNERS).withSeed(42).withLeaseLength(LEASE);
        simulator = start(chaos);
        client = client(simulator);

        Flux.range(0, RUNNERS)
                .flatMap(runner -> life(client.token(runner)).repeat(() -> simulator.ledger().open() > 0), RUNNERS)
                .takeUntilOther(simulator.ledger().whenAllSettled()).blockLast(Duration.ofMinutes(2));

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.clean()).as(simulator.ledger().toJson(0, 0)).isTrue();
        assertThat(verdict.completed()).isEqualTo(JOBS);
        assertThat(simulator.ledger().faults(Fault.LATENCY)).isPositive();
        assertThat(verdict.leases()).isGreaterThanOrEqualTo(JOBS);
    }

    /** One poll, and one job if there is one; a lost lease is the end of it without an error. */
    private Mono<Void> life(String token) {
        return Mono.defer(() -> {
            long sent = System.nanoTime();
            return clear(client.callLater(token, "leaseRunnerJob", "{}"))
                    .filter(answer -> answer.path("leased").booleanValue())
                    .flatMap(answer -> job(token, answer.path("projectId").stringValue())
                            .timeout(LEASE.minus(MARGIN).minusNanos(System.nanoTime() - sent)))
                    .onErrorComplete().then(Mono.delay(Duration.ofMillis(50))).then();
        });
    }

    private Mono<Void> job(String token, String project) {
        String id = "{\"projectId\":\"" + project + "\"";
        return insist(token, "heartbeatRunnerJob", id + "}")
                .then(insist(token, "runnerSignUpload",
                        id + ",\"uploads\":[{\"path\":\"v.mp4\",\"contentType\":\"video/mp4\"}]}"))
                .flatMap(signed -> {
                    Matcher url = SIGNED.matcher(signed.toString());
                    return url.find() ? Mono.just(url.group()) : Mono.error(new IllegalStateException("no URL"));
                }).flatMap(url -> put(url).then(insist(token, "completeRunnerJob",
                        id + ",\"videoUrl\":\"" + url.substring(0, url.indexOf('?')) + "\"}")))
                .then();
    }

    private Mono<JsonNode> insist(String token, String endpoint, String body) {
        return clear(client.callLater(token, endpoint, body)).retryWhen(Retry
                .fixedDelay(100, Duration.ofMillis(100)).filter(e -> !(e instanceof GoneException)));
    }

    private Mono<Void> put(String url) {
        return client
                .send(HttpMethod.PUT, java.net.URI.create(url),
                        Map.of("Content-Type", "video/mp4", "Content-Length", "3"), new byte[]{1, 2, 3})
                .timeout(Duration.ofSeconds(4)).flatMap(reply -> reply.status() == 200
                        ? Mono.<Void>empty()
                        : Mono.error(new IllegalStateException("PUT answered " + reply.status())))
                .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100)));
    }

    /** An answer that says clearly that it worked; else an error. */
    private static Mono<JsonNode> clear(Mono<StudioClient.Reply> call) {
        return call.timeout(Duration.ofSeconds(4)).flatMap(reply -> {
            if (reply.status() == 409) {
                return Mono.error(new GoneException());
            }
            try {
                return reply.status() == 200
                        ? Mono.just(reply.json())
                        : Mono.error(new TimeoutException("answered " + reply.status()));
            } catch (JacksonException e) {
                return Mono.error(e);
            }
        });
    }

    @Test
    void tokensAreTheSameForTheSameSeed() {
        assertThat(new Simulator(SimulatorConfig.defaults()).tokens(STUDIO)).isEqualTo(simulator.tokens(STUDIO))
                .doesNotHaveDuplicates();
        assertThat(new Simulator(SimulatorConfig.defaults().withSeed(2)).tokens(STUDIO))
                .doesNotContainAnyElementsOf(simulator.tokens(STUDIO));
    }
}
