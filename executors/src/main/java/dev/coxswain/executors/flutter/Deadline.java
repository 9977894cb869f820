package dev.coxswain.executors.flutter;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The end of a build's time, on the monotonic clock. */
final class Deadline {
    private final Duration limit;
    private final LongSupplier nanos;
    private final long end;
    private final Scheduler timer;

    /** Begins now. */
    Deadline(Duration limit, LongSupplier nanos, Scheduler timer) {
        this.limit = limit;
        this.nanos = nanos;
        this.end = nanos.getAsLong() + limit.toNanos();
        this.timer = timer;
    }

    /**
     * What is left, never less than a millisecond.
     *
     * @throws BuildEnd when nothing is
     */
    Duration left(String doing) {
        Duration left = Duration.ofNanos(end - nanos.getAsLong());
        if (left.isNegative() || left.isZero()) {
            throw over(doing);
        }
        return left.toMillis() == 0 ? Duration.ofMillis(1) : left;
    }

    /** Cancels what is no command when the time is over, and fails with the build's end. */
    <T> Flux<T> within(String doing, Flux<T> stage) {
        return Flux.defer(() -> stage.takeUntilOther(
                Mono.delay(left(doing), timer).then(Mono.<T>error(() -> over(doing)))));
    }

    /** Tries so many times more what fails like that, from a second on, at most half a minute apart. */
    Retry again(int times, Predicate<Throwable> such) {
        return Retry.backoff(times, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30)).jitter(0.5)
                .scheduler(timer).filter(such).onRetryExhaustedThrow((spec, last) -> last.failure());
    }

    BuildEnd over(String doing) {
        String text = limit.toString().substring(2).toLowerCase(Locale.ROOT);
        return BuildEnd.timedOut("the build did not end within " + text + ": it was stopped in " + doing);
    }
}
