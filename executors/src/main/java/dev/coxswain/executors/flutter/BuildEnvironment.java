package dev.coxswain.executors.flutter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.git.GitRef;

/**
 * What commands of a repository see besides {@code PATH}, {@code HOME}, {@code LANG} and {@code TZ}, which are the
 * executor's: two folders of the host, the build's own facts, then the plan's variables, which win (design section 11).
 */
final class BuildEnvironment {
    private static final int SHOWN = 20;
    private static final int SHOWN_CHARS = 200;
    private static final int LEAST_SECRET = 6;
    /** The protocol's own names: signing material goes by these elsewhere, and no repository process sees any. */
    private static final String RESERVED = "OORE_";
    private static final List<String> SECRETS = List.of("SECRET", "TOKEN", "PASSWORD", "CREDENTIAL", "PRIVATE", "AUTH",
            "P12", "PROVISION", "KEYCHAIN");

    private BuildEnvironment() {}

    /** The variables of the host that commands see. */
    static Map<String, String> ofHost(Map<String, String> host, @Nullable String androidHome) {
        Map<String, String> variables = new LinkedHashMap<>();
        put(variables, "ANDROID_HOME", androidHome != null
                ? androidHome
                : host.getOrDefault("ANDROID_HOME", host.get("ANDROID_SDK_ROOT")));
        put(variables, "JAVA_HOME", host.get("JAVA_HOME"));
        return Collections.unmodifiableMap(variables);
    }

    /** All of them, in the order in which they are shown. */
    static Map<String, String> of(Map<String, String> host, BuildJob job, Map<String, String> plan) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PROJECT_ID", job.project());
        variables.put("PIPELINE_ID", job.pipeline());
        variables.put("BUILD_ID", job.build());
        variables.put("PROJECT_BUILD_NUMBER", job.number());
        variables.put("BUILD_NUMBER", job.number());
        put(variables, "BRANCH", job.branch());
        put(variables, "COMMIT_SHA", job.ref() instanceof GitRef.Commit commit ? commit.sha() : null);
        variables.putAll(host);
        plan.forEach((name, value) -> {
            if (!name.startsWith(RESERVED)) {
                variables.put(name, value);
            }
        });
        variables.putIfAbsent("CI", "true");
        return Collections.unmodifiableMap(variables);
    }

    /** The first of them in one line, for the log; a value whose name says that it is a secret is hidden. */
    static String shown(Map<String, String> variables) {
        return variables.entrySet().stream().limit(SHOWN)
                .map(each -> each.getKey() + "=" + (secret(each.getKey()) ? "***" : preview(each.getValue())))
                .collect(Collectors.joining(" "));
    }

    /** The values that the log must not show, by the names of their variables; shorter ones would hide half of the log. */
    static List<String> secrets(Map<String, String> plan) {
        return plan.entrySet().stream()
                .filter(each -> secret(each.getKey()) && each.getValue().length() >= LEAST_SECRET)
                .map(Map.Entry::getValue).distinct().toList();
    }

    /** A text as one short printable line. */
    static String preview(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "…";
    }

    private static boolean secret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return SECRETS.stream().anyMatch(upper::contains);
    }

    private static void put(Map<String, String> variables, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            variables.put(name, value);
        }
    }
}
