package dev.coxswain.supervisor.shard;

import java.util.List;
import java.util.Set;

/**
 * All Leases of a fleet as one list said. A version changes with every write.
 *
 * @param members one for each supervisor
 * @param shards those that somebody ever held
 */
record Leases(List<MemberLease> members, List<ShardLease> shards) {
    /**
     * A supervisor says that it lives.
     *
     * @param holder the incarnation that says it
     * @param leaving it wants no shards any more
     * @param shards how many there are, as it believes
     * @param keeps identities that it still has jobs of, though it does not hold their shards
     */
    record MemberLease(String member, String holder, boolean leaving, int shards, Set<String> keeps, String version) {
        MemberLease {
            keeps = Set.copyOf(keeps);
        }
    }

    /**
     * Who holds a shard.
     *
     * @param holder an incarnation, or empty when it was given back
     */
    record ShardLease(int shard, String holder, String version) {}
}
