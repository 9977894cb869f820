package dev.coxswain.executors.flutter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What a build is made for. */
enum TargetPlatform {
    ANDROID("flutter build apk --release", false), IOS("flutter build ios --release --no-codesign",
            true), MACOS("flutter build macos --release", true);

    private final String command;
    private final boolean onlyOnMac;

    TargetPlatform(String command, boolean onlyOnMac) {
        this.command = command;
        this.onlyOnMac = onlyOnMac;
    }

    /** As the protocol writes it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What builds it when the plan says nothing else. */
    String command(List<String> arguments) {
        return arguments.isEmpty() ? command : command + " " + String.join(" ", arguments);
    }

    boolean onlyOnMac() {
        return onlyOnMac;
    }

    /** Null for a word that names none. */
    static @Nullable TargetPlatform of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst().orElse(null);
    }

    static String words(Iterable<TargetPlatform> platforms) {
        StringBuilder text = new StringBuilder();
        platforms.forEach(each -> text.append(text.isEmpty() ? "" : ", ").append(each.word()));
        return text.toString();
    }

    static String allWords() {
        return Arrays.stream(values()).map(TargetPlatform::word).collect(Collectors.joining(", "));
    }
}
