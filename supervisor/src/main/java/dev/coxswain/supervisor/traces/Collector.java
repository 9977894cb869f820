package dev.coxswain.supervisor.traces;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the collector's health: one line when it stops taking spans, one when it takes them again. */
final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final int LONGEST_REASON = 200;

    private final String address;
    private final AtomicBoolean refuses = new AtomicBoolean();

    Collector(URI otlp) {
        this.address = String.valueOf(otlp.getAuthority());
    }

    void took() {
        if (refuses.compareAndSet(true, false)) {
            LOG.info("the collector takes traces again: collector={}", address);
        }
    }

    void refused(@Nullable Throwable failure) {
        if (refuses.compareAndSet(false, true)) {
            LOG.warn("the collector takes no traces, jobs go on without them: collector={} {}", address,
                    reason(failure));
        }
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason is known";
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text;
    }
}
