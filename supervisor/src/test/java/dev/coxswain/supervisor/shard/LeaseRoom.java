package dev.coxswain.supervisor.shard;

import java.util.ArrayList;
import java.util.Objects;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.shard.Leases.MemberLease;
import dev.coxswain.supervisor.shard.Leases.ShardLease;
import dev.coxswain.supervisor.shard.Op.Answer;

/** The Leases of an API server, in memory: a write over another version than the newest is a conflict. */
final class LeaseRoom {
    private final TreeMap<String, MemberLease> members = new TreeMap<>();
    private final TreeMap<Integer, ShardLease> shards = new TreeMap<>();
    private final int shardCount;
    private long versions;

    LeaseRoom(int shardCount) {
        this.shardCount = shardCount;
    }

    Answer apply(String member, Op op) {
        return switch (op) {
            case Op.Look look -> new Answer.Seen(
                    new Leases(new ArrayList<>(members.values()), new ArrayList<>(shards.values())));
            case Op.Renew renew -> fits(versionOf(members.get(member)), renew.version())
                    ? put(new MemberLease(member, renew.holder(), renew.leaving(), shardCount, renew.keeps(), next()))
                    : new Answer.Conflict();
            case Op.Take take -> fits(versionOf(shards.get(take.shard())), take.version())
                    ? put(new ShardLease(take.shard(), take.holder(), next()))
                    : new Answer.Conflict();
            case Op.Release release -> fits(versionOf(shards.get(release.shard())), release.version())
                    ? put(new ShardLease(release.shard(), "", next()))
                    : new Answer.Conflict();
            case Op.Remove remove -> fits(versionOf(members.get(remove.member())), remove.version())
                    ? removed(remove.member())
                    : new Answer.Conflict();
            case Op.Wait wait -> throw new IllegalArgumentException("nothing to do");
            case Op.Done done -> throw new IllegalArgumentException("nothing to do");
        };
    }

    /** An operator deletes what says that this one lives. */
    void deleteMember(String member) {
        members.remove(member);
    }

    /** An operator deletes those of all shards. */
    void deleteShards() {
        shards.clear();
    }

    private String next() {
        return String.valueOf(++versions);
    }

    private Answer put(MemberLease lease) {
        members.put(lease.member(), lease);
        return new Answer.Written(lease.version());
    }

    private Answer put(ShardLease lease) {
        shards.put(lease.shard(), lease);
        return new Answer.Written(lease.version());
    }

    private Answer removed(String member) {
        members.remove(member);
        return new Answer.Written("");
    }

    private static boolean fits(@Nullable String known, @Nullable String expected) {
        return Objects.equals(known, expected);
    }

    private static @Nullable String versionOf(@Nullable MemberLease lease) {
        return lease == null ? null : lease.version();
    }

    private static @Nullable String versionOf(@Nullable ShardLease lease) {
        return lease == null ? null : lease.version();
    }
}
