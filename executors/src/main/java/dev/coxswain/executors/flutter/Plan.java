package dev.coxswain.executors.flutter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a build runs, in order.
 *
 * @param platforms what it is for, after the selection of this run
 * @param stages the commands as they are run
 * @param environment the plan's own variables, in the order they were written; a secret
 * @param artifacts what is looked for at the end; with none, nothing is
 */
record Plan(List<TargetPlatform> platforms, BuildSettings.Stages stages, Map<String, String> environment,
        List<ArtifactPattern> artifacts) {
    Plan {
        platforms = List.copyOf(platforms);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        artifacts = List.copyOf(artifacts);
    }

    /** Hides values. */
    @Override
    public String toString() {
        return "Plan[platforms=" + platforms + ", environment=" + environment.keySet() + "]";
    }
}
