package dev.coxswain.executors.function;

import java.time.Duration;

/**
 * {@code workload: {kind: function}}.
 *
 * @param timeout limit of one call when its job names none; 30 s by default
 * @param jobTimeout limit of a job or schedule when its job names none; 1 h by default
 * @param warmMax warm processes at once, those that are in a call included; 32 by default; 0 keeps none
 * @param warmIdle how long one is kept without a call; 5 min by default
 */
public record FunctionConfig(Duration timeout, Duration jobTimeout, int warmMax, Duration warmIdle) {
    /** What holds when nothing is said. */
    public static final FunctionConfig DEFAULTS = new FunctionConfig(Duration.ofSeconds(30), Duration.ofHours(1), 32,
            Duration.ofMinutes(5));
}
