package dev.coxswain.supervisor.http;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The one retry policy: before retry n (from 0) wait {@code first · 2^n}, at most {@code longest}, jittered by ±50 %
 * around it; a server's {@code Retry-After} wins when it is longer. Never 0: a jittered pause is at least half of
 * {@code first}.
 *
 * @param attempts tries in all, the first included
 * @param first wait before the first retry
 * @param longest cap of the wait, before jitter
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    /** Four tries from half a second: terminal reports and uploads (contract xenonflare-studio 6 and 7). */
    public static final RetryPolicy FOUR_TRIES = new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(30));

    public RetryPolicy {
        if (attempts < 1 || first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("needs an attempt, and 0 < first <= longest");
        }
    }

    /** The same, but that patient: thirty tries, which is about a quarter of an hour from half a second on. */
    public RetryPolicy patient() {
        return new RetryPolicy(Math.max(attempts, 30), first, longest);
    }

    /**
     * How long to wait before retry {@code retry}.
     *
     * @param retry 0 for the first retry
     * @param retryAfter the server's own wish, or null
     * @param random uniform in [0, 1)
     */
    public Duration delay(int retry, @Nullable Duration retryAfter, double random) {
        double exponential = first.toNanos() * Math.pow(2, Math.min(retry, 40));
        double capped = Math.min(exponential, (double) longest.toNanos());
        Duration jittered = Duration.ofNanos((long) (capped * (0.5 + random)));
        return retryAfter != null && retryAfter.compareTo(jittered) > 0 ? retryAfter : jittered;
    }

    /**
     * The same for {@code retryWhen}: another try while the attempts last and the failure is of this type and may pass;
     * any other failure, and the last one, passes through as it is.
     *
     * @param mayPass whether this failure may be gone at the next try
     * @param retryAfter the server's wish in this failure, or null
     * @param random uniform in [0, 1)
     */
    public <E extends Throwable> Retry on(Class<E> type, Predicate<E> mayPass,
            Function<E, @Nullable Duration> retryAfter, Scheduler timer, DoubleSupplier random) {
        return Retry.from(failures -> failures.concatMap(signal -> {
            Throwable failure = signal.failure();
            if (!type.isInstance(failure) || signal.totalRetries() + 1 >= attempts
                    || !mayPass.test(type.cast(failure))) {
                return Flux.error(failure);
            }
            return Mono.delay(delay((int) signal.totalRetries(), retryAfter.apply(type.cast(failure)),
                    random.getAsDouble()), timer);
        }, 1));
    }
}
