package dev.coxswain.supervisor.shard;

import java.time.Duration;

/**
 * The times that all supervisors of a fleet go by, each on its own monotonic clock. A holder stops by itself a margin before
 * the lease's duration is over, counted from the moment its last renewal was sent; others wait a margin longer, counted from
 * the moment they heard of it. So clocks may differ by any amount, and run a third faster or slower than each other.
 *
 * @param actNanos how long a renewal lets act
 * @param goneNanos after how much silence somebody is gone
 * @param renewNanos from one renewal, and one look, to the next
 * @param opNanos time limit of one call
 * @param pauseNanos after a call that failed
 * @param soonNanos how often it is asked whether what is handed over is idle
 * @param forgottenNanos after how much silence a supervisor's Lease is removed
 */
record Terms(long actNanos, long goneNanos, long renewNanos, long opNanos, long pauseNanos, long soonNanos,
        long forgottenNanos) {
    static Terms of(Duration lease) {
        long nanos = lease.toNanos();
        return new Terms(nanos * 4 / 5, nanos * 6 / 5, nanos * 3 / 10, nanos / 4, nanos / 20, nanos / 100, nanos * 60);
    }
}
