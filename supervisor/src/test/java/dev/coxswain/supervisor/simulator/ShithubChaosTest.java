package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.simulator.ShithubClient.Claimed;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.ShithubClient.SHITHUB;
import static dev.coxswain.supervisor.simulator.ShithubClient.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Small runners that keep the contract's rules for clients (section 16) come out of chaos with a clean verdict. */
class ShithubChaosTest extends SimulatorTestBase {
    private static final int JOBS = 60;
    private static final int RUNNERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** The chain has ended: nothing more is sent for the job. */
    private static final class DeadException extends RuntimeException {}

    /** Neither the answer nor whether there was a call is known: the same call may be sent again. */
    private static final class UnclearException extends RuntimeException {}

    private Simulator simulator = new Simulator(SimulatorConfig.defaults());
    private StudioClient client = new StudioClient(simulator);
    private ShithubClient shithub = new ShithubClient(simulator, client);

    @Test
    void wellBehavedRunnersAreClean() {
        simulator = start(SimulatorConfig.defaults().withProtocols(List.of(SHITHUB)).withFaults(FaultProfile.chaos())
                .withJobs(JOBS).withTokens(RUNNERS).withSeed(31));
        client = client(simulator);
        shithub = new ShithubClient(simulator, client);
        Mono.defer(() -> shithub.sendLater("POST", "/_sim/levers", shithub.owner(), "{\"rate_limit\":0}"))
                .timeout(PATIENCE).filter(reply -> reply.status() == 200).repeatWhenEmpty(again -> again)
                .retry(20).block(Duration.ofMinutes(1));

        Flux.range(0, RUNNERS).flatMap(runner -> life(runner).repeat(() -> simulator.ledger().open() > 0), RUNNERS)
                .takeUntilOther(simulator.ledger().whenAllSettled()).blockLast(Duration.ofMinutes(2));

        Verdict verdict = simulator.ledger().verdict();
        assertThat(verdict.clean()).as(simulator.ledger().toJson(0, 0)).isTrue();
        assertThat(verdict.completed() + verdict.failed() + verdict.cancelled()).isEqualTo(JOBS);
        assertThat(verdict.completed()).isPositive();
        assertThat(verdict.failed()).isPositive();
        assertThat(verdict.cancelled()).as("lost claims and dead chains").isPositive();
        assertThat(simulator.ledger().faults(Fault.LATENCY)).isPositive();
    }

    /** One heartbeat that lists nothing, and the job that it claimed, if any; whatever goes wrong with that is its end. */
    private Mono<Void> life(int runner) {
        return shithub.sendLater("POST", "/api/v1/runners/heartbeat", shithub.token(runner),
                "{\"labels\":[\"linux\",\"self-hosted\"],\"capacity\":1,\"active_job_ids\":[]}").timeout(PATIENCE)
                .filter(reply -> reply.status() == 200).map(reply -> reply.json()).filter(claim -> claim.has("token"))
                .flatMap(claim -> job(new Claimed(claim))).onErrorComplete().then(Mono.delay(Duration.ofMillis(50)))
                .then();
    }

    private Mono<Void> job(Claimed job) {
        boolean fails = job.job.path("job_key").asString("").equals("leak");
        Mono<Void> steps = Flux.range(0, job.steps()).concatMap(i -> insist(job, "/logs",
                ShithubClient.chunk(job.step(i), 0, ("step " + i + "\n").getBytes(StandardCharsets.UTF_8)))
                .then(insist(job, "/steps/" + job.step(i) + "/status",
                        state("completed", fails ? "failure" : "success")))
                .then(insist(job, "/cancel-check", "{}")).filter(answer -> answer.path("cancelled").asBoolean(false))
                .map(cancelled -> i)).next().then();
        return insist(job, "/status", state("running", null)).then(artifact(job)).then(steps)
                .then(insist(job, "/cancel-check", "{}"))
                .flatMap(check -> insist(job, "/status", check.path("cancelled").asBoolean(false)
                        ? state("cancelled", null)
                        : state("completed", fails ? "failure" : "success")))
                .then();
    }

    private Mono<Void> artifact(Claimed job) {
        return insist(job, "/artifacts/upload", "{\"name\":\"notes-" + job.id() + "\",\"size_bytes\":3}")
                .map(answer -> URI.create(answer.path("upload_url").stringValue()))
                .flatMap(url -> Mono.defer(() -> client.send(HttpMethod.PUT, url, Map.of("Content-Length", "3"),
                        new byte[]{1, 2, 3})).timeout(PATIENCE).flatMap(reply -> reply.status() == 200
                                ? Mono.just(reply)
                                : Mono.error(new UnclearException()))
                        .retryWhen(Retry.fixedDelay(50, Duration.ofMillis(50))))
                .then();
    }

    /** The same call with the same token until it is clear what became of it. */
    private Mono<JsonNode> insist(Claimed job, String below, String body) {
        return Mono.defer(() -> call(job, below, body)).retryWhen(Retry.fixedDelay(50, Duration.ofMillis(100))
                .filter(e -> !(e instanceof DeadException)));
    }

    private Mono<JsonNode> call(Claimed job, String below, @Nullable String body) {
        return shithub.sendLater("POST", "/api/v1/jobs/" + job.id() + below, job.token, body).timeout(PATIENCE)
                .flatMap(reply -> switch (reply.status()) {
                    case 429, 502, 503, 504 -> Mono.error(new UnclearException());
                    case 200, 201, 202 -> {
                        try {
                            JsonNode answer = reply.json();
                            job.token = answer.path("next_token").asString("");
                            yield Mono.just(answer);
                        } catch (JacksonException e) {
                            // a page of somebody in between: whether the call was heard will show
                            yield Mono.error(new UnclearException());
                        }
                    }
                    default -> Mono.error(new DeadException());
                });
    }
}
