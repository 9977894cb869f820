package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The calls of the protocol: label in the metrics and time limit. The contract has no limits; these are ours. */
enum Operation {
    /** a heartbeat that may claim; below what the breaker counts on, like every lease request */
    LEASE(15),
    /** a heartbeat while jobs run, which claims nothing */
    PRESENCE(15), CHECK(15),
    /** the cancel check of one job */
    HEARTBEAT(Operation.JOB_CALL),
    /** job status */
    RUNNING(Operation.JOB_CALL), STEP(Operation.JOB_CALL), LOGS(Operation.JOB_CALL), SIGN(Operation.JOB_CALL),
    /** the end of a job */
    COMPLETE(Operation.JOB_CALL);

    /** Long: to break off a call burns the job's token as likely as not (contract shithub-actions 2.4). */
    private static final long JOB_CALL = 60;

    static final Set<String> LABELS = Arrays.stream(values()).map(Operation::label)
            .collect(Collectors.toUnmodifiableSet());

    private final Duration timeout;

    Operation(long seconds) {
        timeout = Duration.ofSeconds(seconds);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Duration timeout() {
        return timeout;
    }
}
