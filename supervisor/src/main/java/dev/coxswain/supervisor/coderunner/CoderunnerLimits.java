package dev.coxswain.supervisor.coderunner;

import java.time.Duration;

import dev.coxswain.supervisor.coderunner.archive.ArchiveLimits;

/**
 * The bounds of the Coderunner server.
 *
 * @param waiting executions that may wait for a slot; default 1,000, then 503
 * @param functionTimeout a function's time limit, and how long a request waits for a slot; default 30 s, at most 15 min
 * @param jobTimeout time limit of jobs, schedules and single runs; default 1 h
 * @param uploadBytes largest ZIP; default 64 MiB
 * @param payloadBytes largest payload; default 6 MiB
 * @param definitions for each tenant; default 100
 * @param deployments active ones, for each tenant; default 20
 * @param executions at once, services not counted, for each tenant; default 10
 * @param versions for each definition; default 50
 * @param archive of a ZIP's content
 * @param keepFor how long ended executions are kept; default 7 days
 * @param keepMost ended executions of one deployment that are kept; default 1,000
 */
public record CoderunnerLimits(int waiting, Duration functionTimeout, Duration jobTimeout, long uploadBytes,
        int payloadBytes, int definitions, int deployments, int executions, int versions, ArchiveLimits archive,
        Duration keepFor, int keepMost) {
    /** Longest {@code functionTimeout} (contract section 9). */
    public static final Duration LONGEST_FUNCTION_TIMEOUT = Duration.ofMinutes(15);

    /** What the contract says. */
    public static final CoderunnerLimits DEFAULT = new CoderunnerLimits(1_000, Duration.ofSeconds(30),
            Duration.ofHours(1), 64L << 20, 6 << 20, 100, 20, 10, 50, ArchiveLimits.DEFAULT, Duration.ofDays(7),
            1_000);

    public CoderunnerLimits {
        if (waiting < 1 || functionTimeout.isNegative() || functionTimeout.isZero()
                || functionTimeout.compareTo(LONGEST_FUNCTION_TIMEOUT) > 0) {
            throw new IllegalArgumentException("the time limit of functions must be above 0 and at most 15 minutes, "
                    + "and at least one execution must be able to wait");
        }
    }

    /** The same with other time limits. */
    public CoderunnerLimits withTimeouts(Duration function, Duration job) {
        return new CoderunnerLimits(waiting, function, job, uploadBytes, payloadBytes, definitions, deployments,
                executions, versions, archive, keepFor, keepMost);
    }
}
