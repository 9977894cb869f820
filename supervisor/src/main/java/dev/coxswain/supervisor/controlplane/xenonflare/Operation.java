package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One kind of call of a xenonflare protocol.
 *
 * @param label its label in the metrics
 * @param path its function path, with a leading slash
 * @param timeout until the whole answer is there
 */
record Operation(String label, String path, Duration timeout) {
    /**
     * Shorter than what other calls have: a lease request that hangs when the control plane comes back is the last thing
     * that keeps the breaker open. With this limit and the longest pause of a probe (15 s) it closes within 30 s of
     * recovery (design section 5.8). An answer that comes later is a lease that nobody holds, which runs out by itself.
     */
    private static final Duration LEASE_TIMEOUT = Duration.ofSeconds(15);
    /** A beat that hangs longer is worth less than the next one. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);

    static Operation lease(String path) {
        return new Operation("lease", path, LEASE_TIMEOUT);
    }

    static Operation heartbeat(String path) {
        return new Operation("heartbeat", path, HEARTBEAT_TIMEOUT);
    }

    /** A heartbeat for a job that does not exist, over the connection pool of all other calls: tries a credential. */
    static Operation check(String path) {
        return new Operation("check", path, LEASE_TIMEOUT);
    }

    static Set<String> labels(Operation... operations) {
        return Arrays.stream(operations).map(Operation::label).collect(Collectors.toUnmodifiableSet());
    }
}
