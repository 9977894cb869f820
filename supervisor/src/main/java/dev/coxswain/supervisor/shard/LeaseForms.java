package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.shard.Leases.MemberLease;
import dev.coxswain.supervisor.shard.Leases.ShardLease;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;

/**
 * How the Leases look at the API server. The times in them are for people: nobody here compares them with a clock. What can't
 * be read is passed over, since anybody may write there.
 */
final class LeaseForms {
    /** Every Lease of the fleet has it, with the fleet's name. */
    static final String FLEET = "coxswain.dev/fleet";
    private static final String MEMBER = "coxswain.dev/member";
    private static final String SHARD = "coxswain.dev/shard";
    private static final String SHARDS = "coxswain.dev/shards";
    private static final String KEEPS = "coxswain.dev/keeps";
    private static final String LEAVING = "coxswain.dev/leaving";
    /** Another one each time: the API server gives no new version to a Lease that was written as it was. */
    private static final String WRITE = "coxswain.dev/write";

    private final String fleet;
    private final String member;
    private final int shards;
    private final int seconds;
    private final String life;
    private final Supplier<Instant> wallClock;
    private final AtomicLong writes = new AtomicLong();

    /** @param life random, so that no two processes write the same */
    LeaseForms(String fleet, String member, int shards, Duration duration, String life, Supplier<Instant> wallClock) {
        this.fleet = fleet;
        this.member = member;
        this.shards = shards;
        this.seconds = (int) Math.max(1, duration.toSeconds());
        this.life = life;
        this.wallClock = wallClock;
    }

    String fleet() {
        return fleet;
    }

    String memberName(String name) {
        return fleet + "-member-" + name;
    }

    String shardName(int shard) {
        return fleet + "-shard-%03d".formatted(shard);
    }

    Lease member(Op.Renew renew) {
        return lease(memberName(member), Map.of(FLEET, fleet, MEMBER, member), renew.version(), Map.of(
                SHARDS, String.valueOf(shards), KEEPS, String.join(",", new TreeSet<>(renew.keeps())), LEAVING,
                String.valueOf(renew.leaving())), renew.holder());
    }

    Lease shard(int shard, @Nullable String holder, @Nullable String version) {
        return lease(shardName(shard), Map.of(FLEET, fleet, SHARD, String.valueOf(shard)), version, Map.of(), holder);
    }

    private Lease lease(String name, Map<String, String> labels, @Nullable String version, Map<String, String> notes,
            @Nullable String holder) {
        ZonedDateTime now = wallClock.get().atZone(ZoneOffset.UTC);
        return new LeaseBuilder().withNewMetadata().withName(name).withResourceVersion(version).withLabels(labels)
                .withAnnotations(notes).addToAnnotations(WRITE, life + "-" + writes.incrementAndGet()).endMetadata()
                .withNewSpec().withHolderIdentity(holder).withLeaseDurationSeconds(seconds).withRenewTime(now)
                .endSpec().build();
    }

    Leases read(List<Lease> listed) {
        List<MemberLease> members = new ArrayList<>();
        List<ShardLease> held = new ArrayList<>();
        for (Lease lease : listed) {
            Map<String, String> labels = orNone(lease.getMetadata().getLabels());
            String who = labels.get(MEMBER);
            Integer shard = number(labels.get(SHARD));
            String holder = holder(lease);
            String version = lease.getMetadata().getResourceVersion();
            if (who != null && lease.getMetadata().getName().equals(memberName(who))) {
                Map<String, String> notes = orNone(lease.getMetadata().getAnnotations());
                Integer count = number(notes.get(SHARDS));
                members.add(new MemberLease(who, holder, Boolean.parseBoolean(notes.get(LEAVING)),
                        count == null ? 0 : count, keeps(notes.get(KEEPS)), version));
            } else if (shard != null && shard >= 0 && lease.getMetadata().getName().equals(shardName(shard))) {
                held.add(new ShardLease(shard, holder, version));
            }
        }
        return new Leases(members, held);
    }

    private static String holder(Lease lease) {
        String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
        return holder == null ? "" : holder;
    }

    private static Set<String> keeps(@Nullable String text) {
        return text == null || text.isEmpty()
                ? Set.of()
                : Arrays.stream(text.split(",")).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null || !text.matches("\\d{1,6}") ? null : Integer.valueOf(text);
    }

    private static Map<String, String> orNone(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
