package dev.coxswain.supervisor.shard;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What one supervisor may do, as of its last step.
 *
 * @param joined whether it takes part
 * @param actUntilNanos on its own monotonic clock; from then on it may do nothing of what follows
 * @param tenures by shard
 * @param owners by shard, who has it or shall have it; null where nobody is known
 * @param kept identities that others have jobs of, in whichever shard
 * @param alive how many supervisors live, this one included while it takes part
 * @param trouble why it does not take part, in words; null when it does
 */
record View(boolean joined, long actUntilNanos, List<Tenure> tenures, List<@Nullable String> owners, Set<String> kept,
        int alive, @Nullable String trouble) {
    /** Whether it may lease with this identity at this moment. */
    boolean acts(Identity identity, long nowNanos) {
        return inTime(nowNanos) && tenures.get(identity.shard(tenures.size())) == Tenure.ACTING
                && !kept.contains(identity.key());
    }

    /** Whether what it believes to hold is really its own. */
    boolean inTime(long nowNanos) {
        return joined && nowNanos - actUntilNanos < 0;
    }

    long count(Tenure tenure) {
        return tenures.stream().filter(each -> each == tenure).count();
    }

    Tenure tenure(Identity identity) {
        return tenures.get(identity.shard(tenures.size()));
    }
}
