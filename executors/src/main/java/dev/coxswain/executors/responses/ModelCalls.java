package dev.coxswain.executors.responses;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The one place where model calls are bounded, repeated and counted. */
final class ModelCalls {
    private final ModelClient client;
    private final CallGate gate;
    private final ModelMeters meters;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final LongSupplier nanos;

    ModelCalls(ModelClient client, CallGate gate, ModelMeters meters, Scheduler scheduler, DoubleSupplier random,
            LongSupplier nanos) {
        this.client = client;
        this.gate = gate;
        this.meters = meters;
        this.scheduler = scheduler;
        this.random = random;
        this.nanos = nanos;
    }

    /**
     * Sends a request until it is answered or no attempt is left. Emits each repetition before its pause, and at last the
     * answer; fails with the last attempt's {@link ModelException}. No place is held during a pause. Cancelling is safe at
     * any moment and closes the connection.
     *
     * @param referred whether it names an earlier answer
     */
    Flux<CallEvent> send(byte[] body, boolean referred, Prices prices) {
        return attempt(body, referred, prices, 0);
    }

    private Flux<CallEvent> attempt(byte[] body, boolean referred, Prices prices, int before) {
        return gate.during(Mono.defer(() -> once(body, referred, prices))).cast(CallEvent.class).flux()
                .onErrorResume(ModelException.class, failure -> {
                    if (!failure.mayPass() || before + 1 == RetryPauses.ATTEMPTS) {
                        return Flux.error(failure);
                    }
                    Duration pause = RetryPauses.before(before, failure.retryAfter(), random.getAsDouble());
                    return Flux.concat(
                            Mono.just(new CallEvent.Again(String.valueOf(failure.getMessage()), pause, before + 2)),
                            Mono.delay(pause, scheduler)
                                    .thenMany(Flux.defer(() -> attempt(body, referred, prices, before + 1))));
                });
    }

    private Mono<CallEvent.Answered> once(byte[] body, boolean referred, Prices prices) {
        long from = nanos.getAsLong();
        AtomicBoolean over = new AtomicBoolean();
        meters.began();
        return client.post(body, referred).map(reply -> {
            Duration took = end(over, CallResult.COMPLETED, from);
            meters.used(reply.usage(), prices.of(reply.usage()));
            return new CallEvent.Answered(reply, took);
        }).doOnError(failure -> end(over,
                failure instanceof ModelException known ? known.result() : CallResult.GARBLED, from))
                .doOnCancel(() -> end(over, CallResult.CANCELLED, from));
    }

    /** A cancel may follow an answer. */
    private Duration end(AtomicBoolean over, CallResult result, long from) {
        Duration took = Duration.ofNanos(nanos.getAsLong() - from);
        if (over.compareAndSet(false, true)) {
            meters.ended(result, took);
        }
        return took;
    }
}
