package dev.coxswain.executors.function;

import java.util.List;

/**
 * A program of this host that runs code of one language.
 *
 * @param command program and arguments that come before the file of the code; the program is absolute
 * @param version as it says itself
 */
public record LanguageRuntime(List<String> command, String version) {
    public LanguageRuntime {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a runtime needs a program");
        }
        command = List.copyOf(command);
    }

    /** The program. */
    public String path() {
        return command.getFirst();
    }
}
