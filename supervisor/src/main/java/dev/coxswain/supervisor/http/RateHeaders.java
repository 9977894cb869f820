package dev.coxswain.supervisor.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What {@code RateLimit-Remaining/Reset} or {@code X-RateLimit-Remaining/Reset} say.
 *
 * @param remaining requests that are left, 0 or more
 * @param resetAfter how long until there are more, 0 or more, at most an hour
 */
public record RateHeaders(long remaining, Duration resetAfter) {
    private static final Pattern WHOLE = Pattern.compile("\\d{1,15}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");
    private static final Duration LONGEST = Duration.ofHours(1);
    /** More seconds than anybody waits (30 years): the moment itself in Unix time. */
    private static final BigDecimal EPOCH_FROM = BigDecimal.valueOf(1_000_000_000L);
    /** The same in milliseconds. */
    private static final BigDecimal EPOCH_MILLIS_FROM = BigDecimal.valueOf(100_000_000_000L);

    /**
     * Reads the two headers; the reset is in seconds from now, or in Unix time (seconds or milliseconds). Null when
     * either is nonsense.
     *
     * @param now the server's clock if known, else ours
     */
    static @Nullable RateHeaders read(String remaining, String reset, Instant now) {
        String left = remaining.strip();
        String until = reset.strip();
        if (!WHOLE.matcher(left).matches() || !NUMBER.matcher(until).matches()) {
            return null;
        }
        BigDecimal number = new BigDecimal(until);
        Duration after;
        if (number.compareTo(EPOCH_MILLIS_FROM) >= 0) {
            after = Duration.between(now, Instant.ofEpochMilli(number.longValue()));
        } else if (number.compareTo(EPOCH_FROM) >= 0) {
            after = Duration.between(now, Instant.EPOCH.plus(seconds(number)));
        } else {
            after = seconds(number);
        }
        return new RateHeaders(Long.parseLong(left),
                after.isNegative() ? Duration.ZERO : after.compareTo(LONGEST) > 0 ? LONGEST : after);
    }

    private static Duration seconds(BigDecimal seconds) {
        return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }
}
