package dev.coxswain.executors;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One program to run in a workspace. Its environment is {@code PATH}, {@code HOME} (the workspace), {@code LANG},
 * {@code TZ} and {@code environment}, nothing else of the supervisor's.
 *
 * @param argv program and arguments, at least the program
 * @param environment variables added to the base; wins over it
 * @param directory working folder, relative to the workspace; {@code ""} is the workspace
 * @param timeout time limit, or null for none
 * @param grace time between TERM and KILL; 10 s by default
 */
public record Command(List<String> argv, Map<String, String> environment, String directory,
        @Nullable Duration timeout, Duration grace) {
    /** The time between TERM and KILL of design section 6. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    public Command {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
