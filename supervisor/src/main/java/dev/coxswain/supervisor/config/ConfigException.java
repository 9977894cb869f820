package dev.coxswain.supervisor.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration can't be used; carries every problem found, not only the first. Its message is one line for each. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the file; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
