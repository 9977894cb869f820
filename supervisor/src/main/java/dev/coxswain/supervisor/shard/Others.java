package dev.coxswain.supervisor.shard;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.shard.Leases.MemberLease;
import dev.coxswain.supervisor.shard.Leases.ShardLease;

/**
 * Whether other incarnations live, as far as one observer can tell without believing any clock but its own: one is gone
 * when a list that was <em>sent</em> long enough after the answer which first showed its last sign of life shows no newer one.
 * Not thread-safe.
 */
final class Others {
    private static final String NO_SIGN = "";

    private final long goneAfterNanos;
    private Map<String, Sign> signs = new HashMap<>();

    private record Sign(String stamp, Set<String> keeps, long firstNanos, long lastNanos) {
        Sign after(Sign before) {
            return before.stamp.equals(stamp) ? new Sign(stamp, keeps, before.firstNanos, lastNanos) : this;
        }
    }

    /** @param goneAfterNanos how long nothing must have been heard */
    Others(long goneAfterNanos) {
        this.goneAfterNanos = goneAfterNanos;
    }

    /** Takes a list in. */
    void saw(Leases leases, long sentNanos, long receivedNanos) {
        Map<String, Sign> next = new HashMap<>();
        // whose Lease was taken away while it kept something may live still, and so may the holder of a shard without one
        signs.forEach((holder, sign) -> {
            if (!sign.keeps().isEmpty() && !isGone(holder)) {
                next.put(holder, new Sign(NO_SIGN, sign.keeps(), receivedNanos, sentNanos));
            }
        });
        for (ShardLease shard : leases.shards()) {
            if (!shard.holder().isEmpty()) {
                next.putIfAbsent(shard.holder(), new Sign(NO_SIGN, Set.of(), receivedNanos, sentNanos));
            }
        }
        for (MemberLease member : leases.members()) {
            next.put(member.holder(), new Sign(member.version(), member.keeps(), receivedNanos, sentNanos));
        }
        next.replaceAll((holder, sign) -> {
            Sign before = signs.get(holder);
            return before == null ? sign : sign.after(before);
        });
        signs = next;
    }

    /** Whether it has been silent for so long that it acts no more, whatever it believes. */
    boolean isGone(String holder) {
        return isSilent(holder, goneAfterNanos);
    }

    /** Whether nothing was heard of it for so long. */
    boolean isSilent(String holder, long nanos) {
        Sign sign = signs.get(holder);
        return sign != null && sign.lastNanos() - sign.firstNanos() > nanos;
    }

    /** Identities that others than this one still have jobs of. */
    Set<String> keptBesides(String me) {
        Set<String> kept = new HashSet<>();
        signs.forEach((holder, sign) -> {
            if (!holder.equals(me) && !isGone(holder)) {
                kept.addAll(sign.keeps());
            }
        });
        return kept;
    }
}
