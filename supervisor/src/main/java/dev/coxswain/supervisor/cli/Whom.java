package dev.coxswain.supervisor.cli;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** Which runners are meant: one of these, or every one. */
final class Whom {
    @Option(names = "--control-plane", paramLabel = "NAME", description = "only the runners of this control plane")
    private @Nullable String controlPlane;

    @Option(names = "--pool", paramLabel = "NAME", description = "only the runners of this pool")
    private @Nullable String pool;

    @Option(names = "--runner", paramLabel = "NAME", description = "only this runner")
    private @Nullable String runner;

    Map<String, String> fields() {
        Map<String, String> fields = new HashMap<>();
        if (controlPlane != null) {
            fields.put("controlPlane", controlPlane);
        }
        if (pool != null) {
            fields.put("pool", pool);
        }
        if (runner != null) {
            fields.put("runner", runner);
        }
        return fields;
    }
}
