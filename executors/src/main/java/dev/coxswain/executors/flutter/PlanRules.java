package dev.coxswain.executors.flutter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Makes commands of settings (contract oore-ci 11, 12). Pure. */
final class PlanRules {
    private static final String PUB_GET = "flutter pub get";
    private static final Pattern LEGACY = Pattern.compile("\\$\\(\\$([A-Za-z_][A-Za-z0-9_]*)\\)");

    private PlanRules() {}

    /**
     * The plan of one run.
     *
     * @param selected the platforms that this run was asked for, or null for all
     * @param pinned the Flutter version that the repository pins, or null
     * @throws BuildEnd when the selection contradicts the settings
     */
    static Plan plan(PlanSource source, @Nullable List<TargetPlatform> selected, @Nullable String pinned) {
        BuildSettings settings = select(source.settings(), selected);
        boolean defaults = switch (source) {
            case PlanSource.FromFile file -> settings.stages().build().isEmpty();
            case PlanSource.FromUi ui -> true;
        };
        BuildSettings.Stages stages = withDartDefines(commands(settings, defaults), settings);
        String version = pinned != null ? pinned : settings.flutterVersion();
        return new Plan(settings.platforms(),
                FlutterVersion.use(version == null ? FlutterVersion.DEFAULT : version, stages),
                settings.environment(), settings.artifacts());
    }

    private static BuildSettings select(BuildSettings settings, @Nullable List<TargetPlatform> selected) {
        if (selected == null) {
            return settings;
        }
        String told = "selected_platforms (" + TargetPlatform.words(selected) + ") ";
        if (selected.isEmpty()) {
            throw BuildEnd.failed("selected_platforms is empty; it must name at least one platform");
        }
        if (new HashSet<>(selected).size() < selected.size()) {
            throw BuildEnd.failed(told + "names a platform twice");
        }
        if (!settings.platforms().containsAll(selected)) {
            throw BuildEnd.failed(told + "names a platform that the build is not configured for; it has "
                    + TargetPlatform.words(settings.platforms()));
        }
        if (selected.size() < settings.platforms().size() && !settings.stages().build().isEmpty()) {
            throw BuildEnd.failed(told + "leaves out a platform, but commands.build is shared by all of them; use "
                    + "platform_commands instead");
        }
        return settings.only(selected);
    }

    private static BuildSettings.Stages commands(BuildSettings settings, boolean defaults) {
        List<String> preBuild = new ArrayList<>();
        List<String> build = new ArrayList<>();
        if (defaults) {
            preBuild.add(PUB_GET);
            for (TargetPlatform platform : settings.platforms()) {
                String command = settings.commands().get(platform);
                build.add(command != null
                        ? command
                        : platform.command(settings.arguments().getOrDefault(platform, List.of())));
            }
        }
        preBuild.addAll(settings.stages().preBuild());
        build.addAll(settings.stages().build());
        return new BuildSettings.Stages(modern(preBuild), modern(build), modern(settings.stages().postBuild()));
    }

    /** An old form of variable, {@code $($NAME)}, which a shell would take for a command. */
    private static List<String> modern(List<String> commands) {
        return commands.stream().map(command -> LEGACY.matcher(command)
                .replaceAll(found -> Matcher.quoteReplacement("$" + found.group(1)))).toList();
    }

    private static BuildSettings.Stages withDartDefines(BuildSettings.Stages stages, BuildSettings settings) {
        if (settings.environment().isEmpty()) {
            return stages;
        }
        return new BuildSettings.Stages(stages.preBuild(),
                stages.build().stream().map(FlutterCommand::withDartDefines).toList(), stages.postBuild());
    }
}
