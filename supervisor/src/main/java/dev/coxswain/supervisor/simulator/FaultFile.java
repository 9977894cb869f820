package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A mix of faults from JSON:
 * {@code {"seed":1,"profiles":{"latency":0.1,"5xx":{"rate":0.05,"scope":"store"}},"blackHoleSeconds":5,"maxRestarts":2}}.
 *
 * @param seed the seed, when the file has one
 * @param profile the mix; its name is {@code file}
 */
public record FaultFile(OptionalLong seed, FaultProfile profile) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS = Set.of("seed", "profiles", "blackHoleSeconds", "maxRestarts");

    /**
     * Reads the text of such a file.
     *
     * @throws IllegalArgumentException with the key in the message when it is not as shown above
     */
    public static FaultFile parse(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the fault file is not JSON: " + e.getOriginalMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw new IllegalArgumentException("the fault file must be a JSON object");
        }
        for (String key : root.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key in the fault file: " + key);
            }
        }
        Map<Fault, FaultProfile.Rule> rules = rules(root.path("profiles"));
        Duration blackHole = Duration.ofSeconds(whole(root, "blackHoleSeconds", 5, 3600));
        int maxRestarts = (int) whole(root, "maxRestarts", 2, 1000);
        OptionalLong seed = root.has("seed")
                ? OptionalLong.of(whole(root, "seed", 0, Long.MAX_VALUE))
                : OptionalLong.empty();
        return new FaultFile(seed, new FaultProfile("file", rules, blackHole, maxRestarts));
    }

    private static Map<Fault, FaultProfile.Rule> rules(JsonNode profiles) {
        if (!profiles.isObject()) {
            throw new IllegalArgumentException("profiles must be an object of fault names and rates");
        }
        Map<Fault, FaultProfile.Rule> rules = new EnumMap<>(Fault.class);
        for (Map.Entry<String, JsonNode> entry : profiles.properties()) {
            Fault fault = Fault.labelled(entry.getKey()).orElseThrow(
                    () -> new IllegalArgumentException("profiles." + entry.getKey() + " is no fault; there are "
                            + FaultProfile.names().stream().filter(n -> Fault.labelled(n).isPresent()).toList()));
            rules.put(fault, rule("profiles." + entry.getKey(), entry.getValue()));
        }
        return rules;
    }

    private static FaultProfile.Rule rule(String key, JsonNode value) {
        JsonNode rate = value.isObject() ? value.path("rate") : value;
        if (!rate.isNumber()) {
            throw new IllegalArgumentException(key + " must be a rate between 0 and 1, or {\"rate\",\"scope\"}");
        }
        FaultProfile.Scope scope = FaultProfile.Scope.BOTH;
        if (value.isObject() && value.has("scope")) {
            scope = scope(key, value.path("scope"));
        }
        try {
            return new FaultProfile.Rule(rate.doubleValue(), scope);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static FaultProfile.Scope scope(String key, JsonNode value) {
        for (FaultProfile.Scope scope : FaultProfile.Scope.values()) {
            if (value.isString() && value.stringValue().equals(scope.name().toLowerCase(Locale.ROOT))) {
                return scope;
            }
        }
        throw new IllegalArgumentException(key + ".scope must be calls, store or both");
    }

    private static long whole(JsonNode root, String key, long otherwise, long max) {
        JsonNode value = root.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0
                || value.longValue() > max) {
            throw new IllegalArgumentException(key + " must be a whole number from 0 to " + max);
        }
        return value.longValue();
    }
}
