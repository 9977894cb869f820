package dev.coxswain.supervisor.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered, whatever its status. Headers are kept as text and read when asked for: most calls never look.
 *
 * @param status HTTP status
 * @param body the whole body, as long as the caller's limit at most
 * @param contentType header, or null
 * @param date {@code Date} header, or null
 * @param retryAfterHeader {@code Retry-After} header, or null
 * @param rateRemaining {@code RateLimit-Remaining} or {@code X-RateLimit-Remaining} header, or null
 * @param rateReset {@code RateLimit-Reset} or {@code X-RateLimit-Reset} header, or null
 * @param sentAtNanos on the caller's monotonic clock, not after the request was sent
 */
public record JsonAnswer(int status, byte[] body, @Nullable String contentType, @Nullable String date,
        @Nullable String retryAfterHeader, @Nullable String rateRemaining, @Nullable String rateReset,
        long sentAtNanos) {
    /** An answer without rate headers. */
    public JsonAnswer(int status, byte[] body, @Nullable String contentType, @Nullable String date,
            @Nullable String retryAfterHeader, long sentAtNanos) {
        this(status, body, contentType, date, retryAfterHeader, null, null, sentAtNanos);
    }

    public boolean is2xx() {
        return status / 100 == 2;
    }

    /** The server's clock when it answered, in whole seconds; null when it did not say, or nonsense. */
    public @Nullable Instant serverDate() {
        if (date == null) {
            return null;
        }
        try {
            return Failures.httpDate(date);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /**
     * The server's wish when to come again, or null.
     *
     * @param now our wall clock, used when the server did not tell its own
     */
    public @Nullable Duration retryAfter(Instant now) {
        return retryAfterHeader == null ? null : Failures.retryAfter(retryAfterHeader, serverNow(now));
    }

    /**
     * What the rate headers allow; null when they are absent or nonsense.
     *
     * @param now our wall clock, used when the server did not tell its own
     */
    public @Nullable RateHeaders rate(Instant now) {
        return rateRemaining == null || rateReset == null
                ? null
                : RateHeaders.read(rateRemaining, rateReset, serverNow(now));
    }

    private Instant serverNow(Instant now) {
        Instant server = serverDate();
        return server == null ? now : server;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Hides the body: it may hold signed URLs. */
    @Override
    public String toString() {
        return "JsonAnswer[status=" + status + ", contentType=" + contentType + ", bytes=" + body.length + "]";
    }
}
