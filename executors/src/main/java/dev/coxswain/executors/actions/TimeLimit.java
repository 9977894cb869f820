package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.git.GitLimit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The end of a job's time, or of a step's within it and so on, on the monotonic clock. */
final class TimeLimit implements GitLimit {
    /** Where the control plane sets no limit; longer than it lets any job run. */
    private static final Duration ENDLESS = Duration.ofDays(30);

    private final String whose;
    private final Duration limit;
    private final long end;
    private final @Nullable TimeLimit outer;
    private final LongSupplier nanos;
    private final Scheduler timer;

    private TimeLimit(String whose, @Nullable Duration limit, @Nullable TimeLimit outer, LongSupplier nanos,
            Scheduler timer) {
        this.whose = whose;
        this.limit = limit == null ? ENDLESS : limit;
        this.outer = outer;
        this.nanos = nanos;
        this.timer = timer;
        this.end = nanos.getAsLong() + this.limit.toNanos();
    }

    /** Of a job that begins now. */
    static TimeLimit ofJob(@Nullable Duration limit, LongSupplier nanos, Scheduler timer) {
        return new TimeLimit("the job", limit, null, nanos, timer);
    }

    /** Of a step that begins now; this limit holds for it as well. */
    TimeLimit ofStep(@Nullable Duration limit) {
        return new TimeLimit("the step", limit, this, nanos, timer);
    }

    boolean isOver() {
        return end - nanos.getAsLong() <= 0 || (outer != null && outer.isOver());
    }

    @Override
    public Duration left() {
        Duration own = Duration.ofNanos(end - nanos.getAsLong());
        if (own.toMillis() <= 0) {
            throw over();
        }
        Duration around = outer == null ? own : outer.left();
        return own.compareTo(around) < 0 ? own : around;
    }

    @Override
    public Retry again(int times, Predicate<Throwable> such) {
        return Retry.backoff(times, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30)).jitter(0.5)
                .scheduler(timer).filter(such).onRetryExhaustedThrow((spec, last) -> last.failure());
    }

    /** Cancels what is no command when the time is over. */
    <T> Flux<T> within(Flux<T> work) {
        return Flux.defer(() -> work.takeUntilOther(Mono.delay(left(), timer).then(Mono.<T>error(this::over))));
    }

    /** Whether it is the time around it that runs out first. */
    boolean outerEndsFirst() {
        TimeLimit around = outer;
        return around != null && (around.isOver() || around.firstEnd() - end <= 0);
    }

    private long firstEnd() {
        TimeLimit around = outer;
        long before = around == null ? end : around.firstEnd();
        return before - end < 0 ? before : end;
    }

    /** What to say of a command that our limit ended. */
    StepFailure over() {
        TimeLimit around = outer;
        if (around != null && outerEndsFirst()) {
            return around.over();
        }
        return StepFailure.timedOut(whose + " did not end within "
                + limit.toString().substring(2).toLowerCase(Locale.ROOT) + ", which is its limit, and was stopped");
    }
}
