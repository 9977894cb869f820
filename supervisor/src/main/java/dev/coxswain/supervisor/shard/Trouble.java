package dev.coxswain.supervisor.shard;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a supervisor does not take part, and how often that is logged. Not thread-safe. */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private @Nullable String text = "has not joined the other supervisors yet";
    private @Nullable String failure;
    private boolean complained;
    private long complainedAt;

    /** In words; null when it takes part. */
    @Nullable
    String text() {
        return text == null || failure == null ? text : text + "; the API server: " + failure;
    }

    /** What came of the last call: why it failed, or null. */
    void called(@Nullable String failed) {
        failure = failed;
    }

    /** Logged again as long as it lasts, once a minute at most. */
    void keepsOut(String why, long now) {
        if (!complained || now - complainedAt >= EVERY_NANOS) {
            LOG.error("does not join the other supervisors, and leases nothing: {}", why);
            complained = true;
            complainedAt = now;
        }
        text = why;
    }

    /** It took part, and does not any more. */
    void lapsed(String why, String incarnation) {
        LOG.warn("{}: stops leasing until it has joined again: {}", why, incarnation);
        text = "lost its place among the other supervisors: " + why;
    }

    void over() {
        text = null;
        complained = false;
    }
}
