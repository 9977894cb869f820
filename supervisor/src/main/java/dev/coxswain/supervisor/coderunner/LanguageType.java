package dev.coxswain.supervisor.coderunner;

import java.util.stream.Stream;

/** What a definition's code is written in (contract section 5); fixed for its life. */
enum LanguageType {
    NODE_JS(1, "NodeJS", "nodejs"), PYTHON(2, "Python", "python"), DOTNET_SCRIPT(3, "DotNetScript", "dotnet-script");

    private final int number;
    private final String label;
    private final String word;

    LanguageType(int number, String label, String word) {
        this.number = number;
        this.label = label;
        this.word = word;
    }

    int number() {
        return number;
    }

    String label() {
        return label;
    }

    /** As the workload calls it. */
    String word() {
        return word;
    }

    static LanguageType of(int number) {
        return Stream.of(values()).filter(type -> type.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no language type " + number));
    }
}
