package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.http.JsonAnswer;
import tools.jackson.databind.JsonNode;

/**
 * Reads how long a lease holds (contract xenonflare-studio 2, design section 5.3). Absurd ends are bounded: one in the
 * past makes a term of length zero, so that the fence acts at once, and none is longer than a day, so that a wrong unit
 * at the server can't make a lease that nobody renews.
 */
final class Terms {
    /** What the contract assumes when the answer does not say it. */
    static final Duration USUAL = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final double LATEST_MILLIS = 8.64e15;

    private Terms() {}

    /**
     * The term that this answer gives.
     *
     * @param usual its length when {@code leaseExpiresAt} is missing or unreadable
     */
    static LeaseTerm read(JsonNode body, JsonAnswer answer, FleetClock clock, LeaseTerm usual) {
        Instant expiresAt = instant(body.path("leaseExpiresAt"));
        if (expiresAt == null) {
            return new LeaseTerm(answer.sentAtNanos(), usual.length(), usual.coarse());
        }
        Instant date = answer.serverDate();
        Duration length = Duration.between(date == null ? clock.now() : date, expiresAt);
        Duration bounded = length.isNegative() ? Duration.ZERO : length.compareTo(LONGEST) > 0 ? LONGEST : length;
        return new LeaseTerm(answer.sentAtNanos(), bounded, date != null);
    }

    /** A number of epoch milliseconds or an ISO-8601 text with an offset; null when it is neither. */
    static @Nullable Instant instant(JsonNode value) {
        if (value.isNumber()) {
            double millis = value.asDouble(Double.NaN);
            // a whole number of hundreds of digits has no value as a double
            return Double.isNaN(millis)
                    ? null
                    : Instant.ofEpochMilli((long) Math.max(-LATEST_MILLIS, Math.min(LATEST_MILLIS, millis)));
        }
        if (!value.isString() || value.stringValue().length() > 64) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.stringValue().strip()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
