package dev.coxswain.executors.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code workload: {kind: pipeline, …}} of a pool.
 *
 * @param command program and arguments; no default. Used as given: the program is an absolute path or a name to find on
 *        {@code PATH}; what the file says relative to its own folder was made absolute by whoever read it
 * @param timeout time limit of the command; default 30 min
 * @param passEnv names of the supervisor's variables that the command sees too
 * @param env variables set for the command
 */
public record PipelineConfig(List<String> command, Duration timeout, List<String> passEnv, Map<String, String> env) {
    /** {@code timeout} when none is configured. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    public PipelineConfig {
        command = List.copyOf(command);
        passEnv = List.copyOf(passEnv);
        env = Map.copyOf(env);
    }

    /** Never prints values: they may be secrets. */
    @Override
    public String toString() {
        return "PipelineConfig[command=" + command + ", timeout=" + timeout + ", passEnv=" + passEnv + ", env="
                + env.keySet() + "]";
    }
}
