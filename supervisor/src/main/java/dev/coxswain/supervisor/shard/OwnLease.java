package dev.coxswain.supervisor.shard;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.shard.Leases.MemberLease;

/** One supervisor's own Lease: as whom it acts, what the others can read in it, and how long that lasts. Not thread-safe. */
final class OwnLease {
    private final Terms terms;
    private final String name;
    private final Supplier<String> lives;
    /** Own incarnations of before, as far as a Lease still names them: nobody knows better that they are over. */
    private final Set<String> former = new HashSet<>();
    private String me;
    private @Nullable String version;
    private Set<String> told = Set.of();
    private boolean leavingTold;
    private long actUntil;
    private long renewAt;
    private long renewedAt;

    /** @param lives makes the random part of an incarnation */
    OwnLease(Terms terms, String name, Supplier<String> lives) {
        this.terms = terms;
        this.name = name;
        this.lives = lives;
        this.me = incarnation();
    }

    private String incarnation() {
        return new Incarnation(name, lives.get()).toString();
    }

    /** The incarnation that acts now. */
    String me() {
        return me;
    }

    /** Whether it is known to be over because it was this supervisor itself. */
    boolean isFormer(String holder) {
        return former.contains(holder);
    }

    void forgetAllBut(Set<String> named) {
        former.retainAll(named);
    }

    /** Of the Lease as it was last known; null when it is not known. */
    @Nullable
    String version() {
        return version;
    }

    /** Identities that the others can know to have jobs here. */
    Set<String> told() {
        return told;
    }

    /** Until when a renewal that was sent then lets act. */
    long actUntil(long sentNanos) {
        return sentNanos + terms.actNanos();
    }

    long actUntil() {
        return actUntil;
    }

    long renewAt() {
        return renewAt;
    }

    long renewedAt() {
        return renewedAt;
    }

    boolean isDue(long now, boolean leaving) {
        return now - renewAt >= 0 || leaving != leavingTold;
    }

    Op renewal(boolean leaving, Set<String> keeps) {
        return new Op.Renew(me, leaving, keeps, version);
    }

    void renewed(Op.Renew renew, long sentNanos, String written) {
        version = written;
        told = renew.keeps();
        leavingTold = renew.leaving();
        actUntil = actUntil(sentNanos);
        renewedAt = sentNanos;
        renewAt = sentNanos + terms.renewNanos();
    }

    void seen(MemberLease mine) {
        version = mine.version();
        told = mine.keeps();
        leavingTold = mine.leaving();
    }

    /** A renewal may have been written, or not. */
    void unsure() {
        version = null;
    }

    /** This incarnation is over, and what it still sends must not be believed. */
    void over() {
        former.add(me);
        me = incarnation();
        version = null;
        told = Set.of();
        leavingTold = false;
    }
}
