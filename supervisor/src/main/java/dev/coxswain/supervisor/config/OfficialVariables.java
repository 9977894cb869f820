package dev.coxswain.supervisor.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The variables of the official Xenonflare worker (contract xenonflare-workspace 11), two of ours, and one of
 * OpenTelemetry. The real
 * environment wins over {@code .env}, also with an empty value; a blank one counts as not set.
 */
final class OfficialVariables {
    static final String TOKEN = "RUNNER_TOKEN";
    static final String BASE = "RUNNER_API_BASE";
    static final String API_KEY = "OPENAI_API_KEY";
    static final String MODEL = "OPENAI_MODEL";
    static final String SUMMARY_MODEL = "OPENAI_SUMMARY_MODEL";
    static final String BASE_URL = "OPENAI_BASE_URL";
    static final String POLL = "POLL_MS";
    static final String MAX_RUNTIME = "RUNNER_JOB_MAX_RUNTIME_MS";
    static final String MAX_EMPTY_POLLS = "RUNNER_JOB_MAX_EMPTY_POLLS";
    static final String ADMIN_LISTEN = "COX_ADMIN_LISTEN";
    static final String METRICS_LISTEN = "COX_METRICS_LISTEN";
    /** A standard variable, not the worker's. */
    static final String OTLP = "OTEL_EXPORTER_OTLP_ENDPOINT";
    static final List<String> ALL = List.of(TOKEN, BASE, API_KEY, MODEL, SUMMARY_MODEL, BASE_URL, POLL, MAX_RUNTIME,
            MAX_EMPTY_POLLS, ADMIN_LISTEN, METRICS_LISTEN, OTLP);
    static final Set<String> SECRETS = Set.of(TOKEN, API_KEY);
    /** How messages call the real environment. */
    static final String ENVIRONMENT = "environment";
    /** The place of what is no variable's. */
    static final Place NOWHERE = new Place(ENVIRONMENT, 0, 0);

    private static final String DEFAULT_BASE = "https://cloud.xenonflare.com";
    private static final long DEFAULT_POLL_MILLIS = 2500;
    private static final long LEAST_POLL_MILLIS = 500;
    private static final int MOST_DIGITS = 18;

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    /** @param file how messages call the {@code .env} file */
    OfficialVariables(Map<String, String> environment, Map<String, DotEnv.Variable> written, String file) {
        for (String name : ALL) {
            String real = environment.get(name);
            DotEnv.Variable variable = written.get(name);
            String value = real == null && variable != null ? variable.value() : real;
            if (value != null && !value.isBlank()) {
                values.put(name, value.strip());
            }
            places.put(name, real == null && variable != null
                    ? new Place(file, variable.line(), 0)
                    : NOWHERE);
        }
        values.putIfAbsent(BASE, DEFAULT_BASE);
    }

    /** Those that are set, stripped, and the defaults that are ours to know. */
    Map<String, String> values() {
        return values;
    }

    boolean isSet(String name) {
        return values.containsKey(name);
    }

    /** Where the variable stands. */
    Place place(String name) {
        return places.getOrDefault(name, NOWHERE);
    }

    /** The runners' keys. */
    List<String> tokens() {
        return List.of(values.getOrDefault(TOKEN, "").split("[\\s,]+")).stream().filter(token -> !token.isEmpty())
                .toList();
    }

    /** The pause between two lease requests of one runner: no number and 0 mean the default, less than 500 means 500. */
    long pollMillis() {
        String written = values.getOrDefault(POLL, "");
        double millis = written.matches("[+-]?[0-9]{1,18}(\\.[0-9]{0,18})?") ? Double.parseDouble(written) : 0;
        return millis == 0 ? DEFAULT_POLL_MILLIS : Math.max(LEAST_POLL_MILLIS, (long) millis);
    }

    RunLimits limits() {
        Long runtime = counted(MAX_RUNTIME);
        Long polls = counted(MAX_EMPTY_POLLS);
        return new RunLimits(runtime == null ? null : Duration.ofMillis(runtime),
                polls == null ? OptionalInt.empty() : OptionalInt.of((int) Math.min(polls, Integer.MAX_VALUE)));
    }

    /** A whole number from 1; anything else counts as not set. */
    private @Nullable Long counted(String name) {
        String written = values.getOrDefault(name, "");
        long number = written.length() <= MOST_DIGITS && written.matches("\\+?[0-9]+") ? Long.parseLong(written) : 0;
        return number < 1 ? null : number;
    }
}
