package dev.coxswain.supervisor.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

/** The history of one job; touched only under the ledger's monitor. Of its leases only the last 16 are kept. */
final class JobTrace {
    private static final int ATTEMPTS_KEPT = 16;

    final JobKey key;
    final long queuedNanos;
    private final Deque<Attempt> attempts = new ArrayDeque<>(1);
    int leases;
    long firstLeaseNanos = Attempt.NEVER;
    @Nullable
    JobEnd settled;
    long settledNanos = Attempt.NEVER;
    long settleNanos;
    int repeatedReports;

    JobTrace(JobKey key, long queuedNanos) {
        this.key = key;
        this.queuedNanos = queuedNanos;
    }

    Attempt lease(String holder, long nanos, long untilNanos, boolean heard) {
        if (attempts.size() == ATTEMPTS_KEPT) {
            attempts.removeFirst();
        }
        Attempt attempt = new Attempt(++leases, holder, nanos, untilNanos, heard);
        attempts.addLast(attempt);
        if (leases == 1) {
            firstLeaseNanos = nanos;
        }
        return attempt;
    }

    Iterable<Attempt> attempts() {
        return attempts;
    }

    @Nullable
    Attempt last() {
        return attempts.peekLast();
    }

    @Nullable
    Attempt lastOf(String holder) {
        for (Iterator<Attempt> newestFirst = attempts.descendingIterator(); newestFirst.hasNext();) {
            Attempt attempt = newestFirst.next();
            if (attempt.holder.equals(holder)) {
                return attempt;
            }
        }
        return null;
    }

    @Nullable
    Attempt numbered(int number) {
        for (Attempt attempt : attempts) {
            if (attempt.number == number) {
                return attempt;
            }
        }
        return null;
    }

    /** Whether another runner took the job over from this lease, and knew of it, before that moment. */
    boolean takenOver(Attempt from, long nanos) {
        for (Attempt later : attempts) {
            if (later.number > from.number && later.heard && !later.holder.equals(from.holder)
                    && later.grantedNanos <= nanos) {
                return true;
            }
        }
        return false;
    }
}
