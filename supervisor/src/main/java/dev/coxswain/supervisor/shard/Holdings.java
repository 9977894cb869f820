package dev.coxswain.supervisor.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.shard.Leases.ShardLease;

/** How one supervisor stands to each shard, and what the Leases last said. Not thread-safe. */
final class Holdings {
    private final Tenure[] tenures;
    private final String[] holders;
    private final @Nullable String[] versions;
    /** The version over which a release may still be written. */
    private final @Nullable String[] releases;
    private final @Nullable String[] wanted;
    private final long goneAfterNanos;
    /** Whether Leases were ever missed that nobody of us deletes, when that was last, and when the last look was sent. */
    private boolean missed;
    private long missedNanos;
    private long lookedNanos;
    private String me = "";
    private Set<String> planned = Set.of();

    /** @param goneAfterNanos after how much silence nobody acts by what a Lease said */
    Holdings(int shards, long goneAfterNanos) {
        this.goneAfterNanos = goneAfterNanos;
        tenures = new Tenure[shards];
        holders = new String[shards];
        versions = new String[shards];
        releases = new String[shards];
        wanted = new String[shards];
        Arrays.fill(holders, "");
        clear();
    }

    int size() {
        return tenures.length;
    }

    Tenure tenure(int shard) {
        return tenures[shard];
    }

    @Nullable
    String version(int shard) {
        return versions[shard];
    }

    /** Holds nothing any more. */
    void clear() {
        Arrays.fill(tenures, Tenure.ELSEWHERE);
    }

    boolean isEmpty() {
        return Arrays.stream(tenures).allMatch(tenure -> tenure == Tenure.ELSEWHERE);
    }

    boolean has(Tenure tenure) {
        return Arrays.asList(tenures).contains(tenure);
    }

    void set(int shard, Tenure tenure, String holder, String version) {
        tenures[shard] = tenure;
        holders[shard] = holder;
        versions[shard] = version;
    }

    /** A release was sent over this version, and may be written yet. */
    void unsure(int shard, String version) {
        if (tenures[shard] != Tenure.ELSEWHERE) {
            tenures[shard] = Tenure.UNSURE;
            releases[shard] = version;
        }
    }

    /** Takes over what a look showed that was sent after everything that was taken. */
    void seen(Leases leases, String holder, long sentNanos, long receivedNanos) {
        Map<Integer, ShardLease> listed = new HashMap<>();
        leases.shards().forEach(lease -> listed.put(lease.shard(), lease));
        lookedNanos = sentNanos;
        for (int shard = 0; shard < tenures.length; shard++) {
            ShardLease lease = listed.get(shard);
            if (lease == null && versions[shard] != null) {
                missed(receivedNanos);
            }
            holders[shard] = lease == null ? "" : lease.holder();
            versions[shard] = lease == null ? null : lease.version();
            if (lease == null || !lease.holder().equals(holder)) {
                tenures[shard] = Tenure.ELSEWHERE;
            } else if (tenures[shard] == Tenure.TAKEN || tenures[shard] == Tenure.ELSEWHERE
                    || (tenures[shard] == Tenure.UNSURE && !lease.version().equals(releases[shard]))) {
                tenures[shard] = Tenure.ACTING;
            }
        }
    }

    /** Of what is held, what somebody else shall have is handed over from now on. */
    void plan(String name, Set<String> staying) {
        if (!staying.equals(planned) || !name.equals(me)) {
            me = name;
            planned = Set.copyOf(staying);
            Arrays.setAll(wanted, shard -> Rendezvous.owner(shard, staying));
        }
        for (int shard = 0; shard < tenures.length; shard++) {
            boolean mine = me.equals(wanted[shard]);
            tenures[shard] = switch (tenures[shard]) {
                case ACTING -> mine ? Tenure.ACTING : Tenure.HANDING_OVER;
                case HANDING_OVER -> mine ? Tenure.ACTING : Tenure.HANDING_OVER;
                case TAKEN -> Tenure.TAKEN;
                case UNSURE -> Tenure.UNSURE;
                case ELSEWHERE -> Tenure.ELSEWHERE;
            };
        }
    }

    /** The first that shall be here and may be taken from its holder; -1 when there is none. */
    int toTake(Predicate<String> mayTake) {
        return first(shard -> me.equals(wanted[shard]) && (tenures[shard] == Tenure.UNSURE
                || (tenures[shard] == Tenure.ELSEWHERE && !mayStillBeHeld(shard)
                        && mayTake.test(holders[shard]))));
    }

    /** Leases are gone that only a stranger deletes: whoever acts by one may not have seen that yet. */
    void missed(long now) {
        missed = true;
        missedNanos = now;
    }

    /** A shard without a Lease is nobody's but after such a loss, for as long as anybody may go by what was lost. */
    private boolean mayStillBeHeld(int shard) {
        return versions[shard] == null && missed && lookedNanos - missedNanos <= goneAfterNanos;
    }

    /** The first that shall be elsewhere and is idle; -1 when there is none. */
    int toRelease(IntPredicate idle) {
        return first(shard -> !me.equals(wanted[shard])
                && (tenures[shard] == Tenure.HANDING_OVER || tenures[shard] == Tenure.UNSURE) && idle.test(shard));
    }

    private int first(IntPredicate which) {
        for (int shard = 0; shard < tenures.length; shard++) {
            if (which.test(shard)) {
                return shard;
            }
        }
        return -1;
    }

    View view(boolean joined, long actUntilNanos, Set<String> kept, int alive,
            @Nullable String trouble) {
        List<@Nullable String> owners = new ArrayList<>(tenures.length);
        for (int shard = 0; shard < tenures.length; shard++) {
            owners.add(tenures[shard] == Tenure.ELSEWHERE && !holders[shard].isEmpty()
                    ? Incarnation.member(holders[shard])
                    : wanted[shard]);
        }
        return new View(joined, actUntilNanos, List.of(tenures), Collections.unmodifiableList(owners), kept,
                alive, trouble);
    }
}
