package dev.coxswain.supervisor.simulator;

import org.jspecify.annotations.Nullable;

/** One lease of a job, as the ledger saw it; owned by {@link JobTrace}, touched only under the ledger's monitor. */
final class Attempt {
    /** A lease without an end of its own. */
    static final long NEVER = Long.MAX_VALUE;

    final int number;
    final String holder;
    final long grantedNanos;
    /** False when a fault took the answer that granted it: its runner never learned of it. */
    final boolean heard;
    long untilNanos;
    int heartbeats;
    /** Whether a fault met a request of this lease. */
    boolean faulted;
    @Nullable
    JobEnd end;
    long endNanos = NEVER;
    /** When its holder was told that the lease is gone. */
    long noticeNanos = NEVER;

    Attempt(int number, String holder, long grantedNanos, long untilNanos, boolean heard) {
        this.number = number;
        this.holder = holder;
        this.grantedNanos = grantedNanos;
        this.untilNanos = untilNanos;
        this.heard = heard;
    }

    /** How it had ended at that moment; an expiry that nobody has noticed yet counts. */
    @Nullable
    JobEnd endAt(long nanos) {
        if (end != null) {
            return endNanos <= nanos ? end : null;
        }
        return untilNanos <= nanos ? JobEnd.EXPIRED : null;
    }

    void end(JobEnd how, long nanos) {
        end = how;
        endNanos = nanos;
    }
}
