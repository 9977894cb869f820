package dev.coxswain.executors.flutter;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

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

    BuildEnd over(String doing) {
        String text = limit.toString().substring(2).toLowerCase(Locale.ROOT);
        return BuildEnd.timedOut("the build did not end within " + text + ": it was stopped in " + doing);
    }
}
