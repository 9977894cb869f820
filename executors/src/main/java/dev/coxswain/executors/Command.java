package dev.coxswain.executors;

import java.nio.file.Path;
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
 * @param limits what it may take with everything it starts; an executor that can't hold it to them starts it all the same
 * @param reads files and folders of this host outside of the workspace that it must be able to read, absolute; an executor
 *        that shows commands the whole host needs not be told
 */
public record Command(List<String> argv, Map<String, String> environment, String directory,
        @Nullable Duration timeout, Duration grace, Limits limits, List<Path> reads) {
    /** The time between TERM and KILL of design section 6. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    public Command {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        reads = List.copyOf(reads);
    }

    /** A command without limits of its own, which reads nothing but what is everybody's. */
    public Command(List<String> argv, Map<String, String> environment, String directory, @Nullable Duration timeout,
            Duration grace) {
        this(argv, environment, directory, timeout, grace, Limits.NONE, List.of());
    }
}
