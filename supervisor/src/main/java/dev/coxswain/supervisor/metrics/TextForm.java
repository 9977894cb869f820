package dev.coxswain.supervisor.metrics;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The forms that metrics are told in. */
public enum TextForm {
    /** Prometheus' text form. */
    PLAIN("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics: the same, and exemplars. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    TextForm(String contentType) {
        this.contentType = contentType;
    }

    /** As the {@code Content-Type} header says it. */
    public String contentType() {
        return contentType;
    }

    /** The one that an {@code Accept} header asks for: OpenMetrics only by its name, which Prometheus calls. */
    public static TextForm wanted(@Nullable String accept) {
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text")
                ? OPEN_METRICS
                : PLAIN;
    }
}
