package dev.coxswain.executors.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Proves that a blocking call on a thread that must not block is an error in this test run. */
class BlockHoundArmedTest {
    @Test
    void parkingOnAParallelThreadIsCaught() {
        Mono<Object> blocking = Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(Schedulers.parallel());

        StepVerifier.create(blocking).expectErrorMatches(e -> e instanceof BlockingOperationError
                || e.getCause() instanceof BlockingOperationError).verify(Duration.ofSeconds(60));
    }

    @Test
    void parkingOnABoundedElasticThreadIsAllowed() {
        Mono<Object> blocking = Mono.fromRunnable(() -> LockSupport.parkNanos(1))
                .subscribeOn(Schedulers.boundedElastic());

        StepVerifier.create(blocking).expectComplete().verify(Duration.ofSeconds(60));
    }
}
