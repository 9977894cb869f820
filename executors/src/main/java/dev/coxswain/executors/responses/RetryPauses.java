package dev.coxswain.executors.responses;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** How long to wait before a model call is repeated (contract xenonflare-workspace 8). */
final class RetryPauses {
    /** Tries in all, the first included. Nothing below repeats, so this is what the model server sees. */
    static final int ATTEMPTS = 5;

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_WISH = Duration.ofMinutes(2);
    private static final double JITTER = 0.15;

    private RetryPauses() {}

    /**
     * Half a second, doubling to 30 s, jittered by ±15 %; the server's wish if that is longer, up to 2 min.
     *
     * @param retry 0 before the first repetition
     * @param random uniform in [0, 1)
     */
    static Duration before(int retry, @Nullable Duration wish, double random) {
        double exponential = Math.min(FIRST.toNanos() * Math.pow(2, retry), (double) LONGEST.toNanos());
        Duration own = Duration.ofNanos((long) (exponential * (1 - JITTER + 2 * JITTER * random)));
        if (wish == null || wish.compareTo(own) <= 0) {
            return own;
        }
        return wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
    }

    /**
     * Reads {@code Retry-After}: whole seconds or an HTTP date; null when it is absent or nonsense.
     *
     * @param now the server's {@code Date} header, if it sent one
     */
    static @Nullable Duration wish(@Nullable String header, @Nullable String now) {
        if (header == null) {
            return null;
        }
        try {
            return header.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(header.strip()))
                    : now == null ? null : Duration.between(date(now), date(header));
        } catch (DateTimeException e) {
            return null; // whoever writes nonsense there wishes nothing
        }
    }

    private static Instant date(String header) {
        return ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                .toInstant();
    }
}
