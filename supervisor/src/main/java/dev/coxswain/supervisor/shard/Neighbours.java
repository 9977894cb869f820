package dev.coxswain.supervisor.shard;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.shard.Leases.MemberLease;

/** All supervisors of a fleet, as the Leases showed them to one of them. Not thread-safe. */
final class Neighbours {
    private final Terms terms;
    private final String name;
    private final Others others;
    private Leases leases = new Leases(List.of(), List.of());

    /** @param name of the one that looks */
    Neighbours(Terms terms, String name) {
        this.terms = terms;
        this.name = name;
        this.others = new Others(terms.goneNanos());
    }

    void saw(Leases seen, long sentNanos, long receivedNanos) {
        others.saw(seen, sentNanos, receivedNanos);
        leases = seen;
    }

    /** All holders that a Lease names. */
    Set<String> named() {
        Set<String> named = new HashSet<>();
        leases.members().forEach(member -> named.add(member.holder()));
        leases.shards().forEach(shard -> named.add(shard.holder()));
        return named;
    }

    /** The Lease of the one that looks, whoever wrote it. */
    @Nullable
    MemberLease own() {
        return leases.members().stream().filter(member -> member.member().equals(name)).findFirst().orElse(null);
    }

    /** Another one's that has been silent for so long that nobody needs to know of it. */
    @Nullable
    MemberLease forgotten() {
        return leases.members().stream().filter(
                member -> !member.member().equals(name) && others.isSilent(member.holder(), terms.forgottenNanos()))
                .findFirst().orElse(null);
    }

    /** With another number of shards, one identity would be in two of them: says so when another one has another. */
    @Nullable
    String mismatch(int shards) {
        return leases.members().stream()
                .filter(member -> lives(member) && member.shards() != shards).findFirst()
                .map(member -> "sharding.shards is " + shards + " here and " + member.shards() + " at "
                        + member.member() + "; it must be the same everywhere: it joins by itself when they agree, "
                        + "or when the others are gone")
                .orElse(null);
    }

    /** Names of the others that live and want shards. */
    Set<String> staying() {
        Set<String> staying = new TreeSet<>();
        leases.members().stream().filter(member -> lives(member) && !member.leaving())
                .forEach(member -> staying.add(member.member()));
        return staying;
    }

    /** How many others live. */
    int alive() {
        return (int) leases.members().stream().filter(this::lives).count();
    }

    private boolean lives(MemberLease member) {
        return !member.member().equals(name) && !others.isGone(member.holder());
    }

    boolean isGone(String holder) {
        return others.isGone(holder);
    }

    Set<String> keptBesides(String me) {
        return others.keptBesides(me);
    }
}
