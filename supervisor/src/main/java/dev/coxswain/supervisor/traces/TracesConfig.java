package dev.coxswain.supervisor.traces;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.coxswain.supervisor.controlplane.Secret;

/**
 * Where traces go.
 *
 * @param otlp base URL of the collector (OTLP over HTTP, protobuf); {@code /v1/traces} is appended
 * @param sample share of the jobs that are traced, above 0 and up to 1; default 1
 * @param headers sent with each request, by name
 */
public record TracesConfig(URI otlp, double sample, Map<String, Secret> headers) {
    public TracesConfig {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
