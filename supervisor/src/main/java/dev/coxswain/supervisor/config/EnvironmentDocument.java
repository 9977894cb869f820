package dev.coxswain.supervisor.config;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;

/**
 * What a {@code fleet.yaml} would say for these variables; each text at the place of its variable. The variables' values
 * are put in by reference, so that none of them is ever read as a reference itself.
 */
final class EnvironmentDocument {
    /** Of the control plane and of the pool. */
    static final String NAME = "xenonflare";
    private static final int MOST_SLOTS = 100_000;
    private static final int MOST_PARALLEL = 256;

    private final OfficialVariables variables;

    EnvironmentDocument(OfficialVariables variables) {
        this.variables = variables;
    }

    YamlNode.Entries root() {
        int runners = variables.tokens().size();
        // a process of the official worker for each token had a place of its own for a job and for a model call
        int slots = Math.min(MOST_SLOTS, Math.max(SlotsConfig.defaultTotal(), runners));
        return map(
                entry("supervisor", map(
                        entry("admin", map(given("listen", OfficialVariables.ADMIN_LISTEN))),
                        entry("metrics", map(given("listen", OfficialVariables.METRICS_LISTEN))),
                        variables.isSet(OfficialVariables.OTLP)
                                ? entry("traces", map(given("otlp", OfficialVariables.OTLP)))
                                : null)),
                entry("slots", map(text("total", slots))),
                entry("controlPlanes", map(entry(NAME, controlPlane()))),
                entry("pools", list(pool(runners))));
    }

    private YamlNode.Entries controlPlane() {
        String poll = variables.pollMillis() + "ms";
        return map(
                text("protocol", ProtocolRules.WORKSPACE.protocol()),
                given("url", OfficialVariables.BASE),
                entry("poll", map(
                        entry("min", value(OfficialVariables.POLL, poll)),
                        entry("max", value(OfficialVariables.POLL, poll)))));
    }

    private YamlNode.Entries pool(int runners) {
        int parallel = Math.min(MOST_PARALLEL, Math.max(ResponsesConfig.DEFAULT_PARALLEL, runners));
        return map(
                text("name", NAME),
                text("controlPlane", NAME),
                entry("credentials", map(entry("env", value(OfficialVariables.TOKEN, OfficialVariables.TOKEN)))),
                entry("workload", map(
                        text("kind", WorkloadKeys.RESPONSES),
                        text("parallel", parallel),
                        given("model", OfficialVariables.MODEL),
                        given("summaryModel", OfficialVariables.SUMMARY_MODEL),
                        given("baseUrl", OfficialVariables.BASE_URL),
                        given("apiKey", OfficialVariables.API_KEY))));
    }

    private static YamlNode.Entries map(YamlNode.@Nullable Entry... entries) {
        List<YamlNode.Entry> there = Arrays.stream(entries).filter(Objects::nonNull).toList();
        return new YamlNode.Entries(OfficialVariables.NOWHERE, there,
                1 + there.stream().mapToInt(entry -> entry.value().size()).sum(),
                1 + there.stream().mapToInt(entry -> entry.value().height()).max().orElse(0));
    }

    private static YamlNode list(YamlNode only) {
        return new YamlNode.Items(OfficialVariables.NOWHERE, List.of(only), 1 + only.size(), 1 + only.height());
    }

    private static YamlNode.Entry entry(String key, YamlNode value) {
        return new YamlNode.Entry(key, value.place(), value);
    }

    private static YamlNode.Entry text(String key, Object value) {
        return entry(key, new YamlNode.Text(OfficialVariables.NOWHERE, value.toString(), true));
    }

    private YamlNode value(String variable, String text) {
        return new YamlNode.Text(variables.place(variable), text, true);
    }

    /** The key with a reference to the variable; null when that is not set. */
    private YamlNode.@Nullable Entry given(String key, String variable) {
        return variables.isSet(variable) ? entry(key, value(variable, "${" + variable + "}")) : null;
    }
}
