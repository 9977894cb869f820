package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** What can be told of a command by its first words. Pure. */
final class FlutterCommand {
    private static final Pattern SDK = Pattern.compile("\\s*(fvm\\s+)?(flutter|dart)(?=\\s|$)");
    private static final Pattern BUILD = Pattern.compile("\\s*(?:fvm\\s+)?flutter\\s+build\\s+([^\\s;&|<>#]+)");
    private static final Pattern SEVERAL = Pattern.compile("[;&|<>#\\n]");
    private static final Pattern DEBUG = Pattern.compile("(?<!\\S)--debug(?!\\S)");
    private static final Set<String> ANDROID = Set.of("apk", "appbundle");
    private static final String DEFINES = "--dart-define-from-file";

    private FlutterCommand() {}

    /** Whether it begins with {@code flutter} or {@code dart}, through {@code fvm} or not. */
    static boolean usesSdk(String command) {
        return SDK.matcher(command).lookingAt();
    }

    static String throughFvm(String command) {
        Matcher sdk = SDK.matcher(command);
        return sdk.lookingAt() && sdk.group(1) == null ? "fvm " + command.stripLeading() : command;
    }

    /**
     * Gives a build the file {@code .env}, unless it names another one. In a line of several commands the option goes to
     * the build, not to the last of them.
     */
    static String withDartDefines(String command) {
        Matcher build = BUILD.matcher(command);
        if (!build.lookingAt() || command.contains(DEFINES)) {
            return command;
        }
        String option = " " + DEFINES + "=" + DotEnv.NAME;
        return SEVERAL.matcher(command).find()
                ? command.substring(0, build.end()) + option + command.substring(build.end())
                : command.stripTrailing() + option;
    }

    /** Which variant of an Android app it builds; null when it builds none. */
    static AndroidSigner.@Nullable Variant androidVariant(String command) {
        Matcher build = BUILD.matcher(command);
        if (!build.lookingAt() || !ANDROID.contains(build.group(1))) {
            return null;
        }
        return DEBUG.matcher(command).find() ? AndroidSigner.Variant.DEBUG : AndroidSigner.Variant.RELEASE;
    }

    /**
     * The one variant that a build stage makes; null when it makes no Android app.
     *
     * @throws BuildEnd when it makes both
     */
    static AndroidSigner.@Nullable Variant androidVariant(List<String> commands) {
        AndroidSigner.Variant variant = null;
        for (String command : commands) {
            AndroidSigner.Variant next = androidVariant(command);
            if (next != null && variant != null && next != variant) {
                throw BuildEnd.failed("the build stage makes debug and release variants of the Android app; one build "
                        + "can sign only one of them");
            }
            variant = next == null ? variant : next;
        }
        return variant;
    }
}
