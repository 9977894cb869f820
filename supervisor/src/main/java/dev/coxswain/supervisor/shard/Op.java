package dev.coxswain.supervisor.shard;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What a supervisor does next. A version is that of the Lease which is written over; null when there is none yet. */
sealed interface Op {
    /** Says that it lives, and what it keeps. */
    record Renew(String holder, boolean leaving, Set<String> keeps, @Nullable String version) implements Op {
        public Renew {
            keeps = Set.copyOf(keeps);
        }
    }

    /** Looks at all Leases. */
    record Look() implements Op {}

    /** Makes a shard its own. */
    record Take(int shard, String holder, @Nullable String version) implements Op {}

    /** Gives a shard back. */
    record Release(int shard, String version) implements Op {}

    /** Takes away the Lease of a member: its own at the end, or one that nobody has renewed for long. */
    record Remove(String member, String version) implements Op {}

    /** Nothing, until then at the latest. */
    record Wait(long untilNanos) implements Op {}

    /** Nothing any more. */
    record Done() implements Op {}

    /** What came of it. */
    sealed interface Answer {
        /** It is written; it has this version now. */
        record Written(String version) implements Answer {}

        /** Somebody else wrote first, or it is not there. */
        record Conflict() implements Answer {}

        /** All Leases. */
        record Seen(Leases leases) implements Answer {}

        /** Nobody knows whether it was done, now or later. */
        record Failed(String reason) implements Answer {}
    }
}
