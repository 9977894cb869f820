package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** The calls to an engine, and what is made of its answers. */
class EngineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than calls that answer at once may be under way together. */
    private static final int PULLS = 40;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;
    @SuppressWarnings("NullAway.Init")
    private FakeEngine fake;
    @SuppressWarnings("NullAway.Init")
    private Engine engine;

    @BeforeEach
    void make() throws IOException {
        fake = new FakeEngine(temporary.resolve("engine.sock"), "there:1");
        engine = new Engine(temporary.resolve("engine.sock"), Schedulers.parallel());
    }

    @AfterEach
    void close() {
        engine.disconnect().block(PATIENCE);
        fake.close();
    }

    @Test
    void pullsThatTakeLongKeepNoOtherCallWaiting() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(PULLS);
        CountDownLatch pulled = new CountDownLatch(1);
        fake.trouble("POST /images/.*", exchange -> {
            asked.countDown();
            pulled.await();
            fake.route(exchange);
        });
        Mono<Void> all = Flux.merge(IntStream.range(0, PULLS).mapToObj(i -> engine.pull("large:1", PATIENCE)).toList())
                .then().cache();
        Disposable pulls = all.subscribe();

        assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(engine.isRootless().block(PATIENCE)).isFalse();

        pulled.countDown();
        StepVerifier.create(all).expectComplete().verify(PATIENCE);
        assertThat(pulls.isDisposed()).isTrue();
    }

    /** The answer does not say that the connection is about to be closed, as those of some engines do. */
    @Test
    void noRequestIsSentOnAConnectionThatWasUsedBefore() {
        CountDownLatch over = new CountDownLatch(1);
        fake.trouble("GET /info", exchange -> {
            fake.route(exchange);
            over.await();
        });

        assertThat(engine.isRootless().block(PATIENCE)).isFalse();
        assertThat(engine.isRootless().block(PATIENCE)).isFalse();
        over.countDown();
    }

    @Test
    void anImageIsAskedForByItsNameAndOneTag() {
        for (String image : new String[]{"a/b", "host:5000/a", "host:5000/a:2", "a"}) {
            engine.pull(image, PATIENCE).block(PATIENCE);
        }

        assertThat(fake.images).containsExactlyInAnyOrder("there:1", "a/b:latest", "host:5000/a:latest",
                "host:5000/a:2", "a:latest");
        assertThat(engine.hasImage("host:5000/a:2").block(PATIENCE)).isTrue();
        assertThat(engine.hasImage("host:5000/a:3").block(PATIENCE)).isFalse();
    }

    @Test
    void whatIsGoneIsRemovedAndHasNoState() {
        StepVerifier.create(engine.state("none")).verifyComplete();
        StepVerifier.create(engine.remove("none")).verifyComplete();
    }

    @Test
    void aRemovalThatIsUnderWayAlreadyIsWaitedFor() {
        fake.trouble("DELETE /containers/.*",
                exchange -> exchange.answer(409, "{\"message\":\"removal is already in progress\"}"));
        CountDownLatch looked = new CountDownLatch(2);
        fake.trouble("GET /containers/going/json", exchange -> {
            looked.countDown();
            if (looked.getCount() > 0) {
                exchange.answer(200, "{\"State\":{\"Running\":true}}");
            } else {
                exchange.missing("no such container");
            }
        });

        StepVerifier.create(engine.remove("going")).expectComplete().verify(PATIENCE);
        assertThat(looked.getCount()).isZero();
    }

    @Test
    void anAnswerWithoutAnEndIsNotReadToItsEnd() {
        fake.trouble("GET /info", exchange -> {
            exchange.streaming();
            byte[] piece = new byte[1 << 20];
            for (int written = 0; written < 64; written++) {
                exchange.out().write(piece);
            }
        });

        StepVerifier.create(engine.isRootless()).expectErrorSatisfies(e -> assertThat(e)
                .isInstanceOf(EngineException.class).hasMessageContaining("longer than")).verify(PATIENCE);
    }
}
