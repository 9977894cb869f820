package dev.coxswain.supervisor.config;

import java.time.Duration;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * When a process ends by itself, with exit code 0, as a scheduled one does (contract xenonflare-workspace 11).
 *
 * @param longest how long jobs are leased, or null for ever
 * @param emptyPolls how many lease requests in a row may bring a runner no job; empty for any number
 */
public record RunLimits(@Nullable Duration longest, OptionalInt emptyPolls) {
    /** Runs until it is told to stop. */
    public static final RunLimits NONE = new RunLimits(null, OptionalInt.empty());
}
