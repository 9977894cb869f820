package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a repository's file or the control plane's page says about a build, checked (contract oore-ci 11).
 *
 * @param platforms not empty, each once
 * @param flutterVersion null for whatever the repository or the default says
 * @param arguments for the default command of a platform
 * @param commands in place of the default command of a platform
 * @param environment in the order it was written; a secret
 */
record BuildSettings(List<TargetPlatform> platforms, @Nullable String flutterVersion, Stages stages,
        Map<TargetPlatform, List<String>> arguments, Map<TargetPlatform, String> commands,
        Map<String, String> environment, List<ArtifactPattern> artifacts) {

    /** Commands of the three stages, none of them blank. */
    record Stages(List<String> preBuild, List<String> build, List<String> postBuild) {
        static final Stages NONE = new Stages(List.of(), List.of(), List.of());

        Stages {
            preBuild = List.copyOf(preBuild);
            build = List.copyOf(build);
            postBuild = List.copyOf(postBuild);
        }
    }

    /** The same for fewer platforms. */
    BuildSettings only(List<TargetPlatform> chosen) {
        return new BuildSettings(chosen, flutterVersion, stages, arguments, commands, environment, artifacts);
    }

    /** Hides values. */
    @Override
    public String toString() {
        Set<String> names = environment.keySet();
        return "BuildSettings[platforms=" + platforms + ", environment=" + names + "]";
    }
}
