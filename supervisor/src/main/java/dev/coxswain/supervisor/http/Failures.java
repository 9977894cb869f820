package dev.coxswain.supervisor.http;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.netty.channel.ChannelException;
import io.netty.handler.codec.CodecException;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;

/** The one classifier of failures of HTTP calls: what may be tried again, and when. */
public final class Failures {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private Failures() {}

    /** Whether an answer of this status may be different next time: 408, 429 and 5xx. */
    public static boolean isTransient(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /**
     * Whether this failure of a call may be different next time: connection failures and resets, time-outs, a full
     * connection pool, an undecodable answer (a proxy's page).
     */
    public static boolean isTransient(Throwable failure) {
        return switch (failure) {
            case AnswerTooLongException tooLong -> false;
            case CallException call -> call.getCause() != null && isTransient(call.getCause());
            default -> failure instanceof IOException || failure instanceof TimeoutException
                    || failure instanceof io.netty.handler.timeout.TimeoutException
                    || failure instanceof ChannelException || failure instanceof CodecException
                    || failure instanceof AbortedException || failure instanceof PoolAcquirePendingLimitException
                    || failure instanceof PoolShutdownException;
        };
    }

    /**
     * Reads {@code Retry-After}: whole seconds or an HTTP date; at most an hour. Null when it is absent or nonsense.
     *
     * @param now the server's clock if known, else ours
     */
    public static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        Duration wait;
        try {
            wait = header.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(header.strip()))
                    : Duration.between(now, httpDate(header));
        } catch (DateTimeException e) {
            return null;
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
    }

    /**
     * Reads the {@code Date} header.
     *
     * @throws DateTimeException when it is no HTTP date
     */
    public static Instant httpDate(String header) {
        return ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                .toInstant();
    }
}
