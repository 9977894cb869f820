package dev.coxswain.executors.flutter;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Configuration of the workload {@code flutter}.
 *
 * @param platforms what may be built here: of {@code android}, {@code ios}, {@code macos}; by default {@code android}, and on
 *        macOS all three
 * @param tools programs that the host has, checked before a build begins, and without which the build is refused; default
 *        none
 * @param timeout time limit of a whole build; default 55 min, since the control plane ends it after an hour
 * @param androidHome where the Android SDK lies; null for {@code ANDROID_HOME}, then {@code ANDROID_SDK_ROOT}, of the
 *        supervisor's environment
 */
public record FlutterConfig(List<String> platforms, List<String> tools, Duration timeout,
        @Nullable String androidHome) {
    /** Every platform there is. */
    public static final List<String> PLATFORMS = List.of("android", "ios", "macos");
    /** Below the hour after which the control plane ends a build (contract oore-ci 13), with time for the report. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(55);

    /** What this host can build when nothing is said. */
    public static List<String> usualPlatforms() {
        return System.getProperty("os.name", "").startsWith("Mac") ? PLATFORMS : List.of("android");
    }

    public FlutterConfig {
        platforms = List.copyOf(platforms);
        tools = List.copyOf(tools);
    }
}
