package dev.coxswain.executors.function;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** What a version is written in (contract coderunner 5). */
public enum Language {
    /** JavaScript, run by {@code node}. */
    NODEJS(1, "nodejs"),
    /** Python 3. */
    PYTHON(2, "python"),
    /** C# as a script, run by {@code dotnet script}. */
    DOTNET_SCRIPT(3, "dotnet-script");

    private final int number;
    private final String label;

    Language(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The number of the wire. */
    public int number() {
        return number;
    }

    /** The word in job documents and for people. */
    public String label() {
        return label;
    }

    /** Of a number of the wire; null when there is none such. */
    public static @Nullable Language of(int number) {
        return Arrays.stream(values()).filter(each -> each.number == number).findFirst().orElse(null);
    }

    /** Of a label; null when there is none such. */
    public static @Nullable Language labelled(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst().orElse(null);
    }
}
