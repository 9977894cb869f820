package dev.coxswain.supervisor.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.metrics.Exposition;
import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class HttpClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void heartbeatsAndModelsGetThroughWhileEveryConnectionForCallsIsTaken() {
        HttpLimits tight = new HttpLimits(2, 1, 1, 1, 1, Duration.ofMillis(200), Duration.ofSeconds(5),
                Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofSeconds(60));
        HttpClients clients = new HttpClients(tight);
        try (RudeServer server = new RudeServer()) {
            Reply silent = Reply.json("{}").sent(Manner.SILENT);
            server.then(silent, silent);
            Disposable held = Flux.range(0, 2).flatMap(i -> get(clients.calls(), server)).subscribe(status -> {},
                    e -> {});
            StepVerifier.create(server.arrivals().take(2)).expectNextCount(2).expectComplete().verify(PATIENCE);

            // one finds the queue full, the other waits in it and gives up
            Flux<String> ends = Flux.range(0, 2).flatMap(i -> get(clients.calls(), server).materialize()).map(end -> {
                Throwable failure = Objects.requireNonNull(end.getThrowable());
                assertThat(Failures.isTransient(failure)).isTrue();
                return failure.getClass().getSimpleName();
            });
            StepVerifier.create(ends).expectNext("PoolAcquirePendingLimitException", "PoolAcquireTimeoutException")
                    .expectComplete().verify(PATIENCE);

            server.then(Reply.json("{}"));
            StepVerifier.create(get(clients.heartbeats(), server)).expectNext(200).expectComplete().verify(PATIENCE);
            server.then(Reply.json("{}"));
            StepVerifier.create(get(clients.models(), server)).expectNext(200).expectComplete().verify(PATIENCE);
            held.dispose();
        } finally {
            StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void theStoresClientAddsNothingThatASignatureCovers() {
        HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
        try (RudeServer server = new RudeServer()) {
            server.then(Reply.of(200, ""));

            StepVerifier.create(get(clients.store(), server)).expectNext(200).expectComplete().verify(PATIENCE);

            assertThat(server.only().headers().names()).extracting(name -> name.toLowerCase(Locale.ROOT))
                    .containsExactlyInAnyOrder("host", "accept", "user-agent");
        } finally {
            StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void poolsTellTheMetersHowFullTheyAreAndClosingTwiceIsFine() {
        Exposition exposition = new Exposition("test", Schedulers.parallel(), System::nanoTime);
        HttpClients clients = new HttpClients(HttpLimits.DEFAULT, exposition.connectionPools());
        try (exposition; RudeServer server = new RudeServer()) {
            server.then(Reply.json("{}").sent(Manner.SILENT), Reply.json("{}"));
            Disposable held = get(clients.calls(), server).subscribe(status -> {}, e -> {});
            StepVerifier.create(server.arrivals().take(1)).expectNextCount(1).expectComplete().verify(PATIENCE);
            StepVerifier.create(get(clients.heartbeats(), server)).expectNext(200).expectComplete().verify(PATIENCE);

            assertThat(exposition.scrape())
                    .contains("reactor_netty_connection_provider_active_connections{name=\"calls\"} 1")
                    .contains("reactor_netty_connection_provider_pending_connections{name=\"heartbeats\"} 0")
                    .doesNotContain("127.0.0.1");
            held.dispose();
        } finally {
            StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
            StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
        }
    }

    private static Mono<Integer> get(HttpClient client, RudeServer server) {
        return client.get().uri(server.uri() + "/").responseSingle((answer, body) -> body.asByteArray()
                .thenReturn(answer.status().code()));
    }
}
