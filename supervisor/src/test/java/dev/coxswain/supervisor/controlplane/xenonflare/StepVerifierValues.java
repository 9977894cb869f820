package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Takes the one value of a Mono out, for tests that look at it from several sides. */
final class StepVerifierValues {
    private StepVerifierValues() {}

    static <T> T only(Mono<T> mono) {
        AtomicReference<T> value = new AtomicReference<>();
        StepVerifier.create(mono).consumeNextWith(value::set).expectComplete().verify(Studio.PATIENCE);
        return Objects.requireNonNull(value.get());
    }
}
