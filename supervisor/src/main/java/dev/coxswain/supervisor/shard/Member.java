package dev.coxswain.supervisor.shard;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.shard.Leases.MemberLease;
import dev.coxswain.supervisor.shard.Op.Answer;

/**
 * What one supervisor does to take part (ADR 0010): says what to do next, is told what came of it, and nothing else; no
 * clock, no thread, no I/O. One operation at a time. {@link #view()} is safe from any thread, the rest is not thread-safe.
 */
final class Member {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final long COMPLAINS_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Terms terms;
    private final String name;
    private final Supplier<String> lives;
    private final Others others;
    private final Holdings holdings;
    /** Own incarnations of before, as far as a Lease still names them: nobody knows better that they are over. */
    private final Set<String> former = new HashSet<>();
    private String me;
    private Leases leases = new Leases(List.of(), List.of());
    /** Whether something has happened since the last look that makes it worthless. */
    private boolean stale = true;
    private boolean joined;
    private boolean lookedSinceJoined;
    private boolean leaving;
    private boolean leavingTold;
    private boolean finishing;
    private boolean left;
    /** Of its own Lease; null when it is not known. */
    private @Nullable String version;
    private Set<String> told = Set.of();
    private long actUntil;
    private long renewAt;
    private long renewedAt;
    private long lookAt;
    private long pausedUntil;
    private @Nullable String trouble = "has not joined the other supervisors yet";
    private boolean complained;
    private long complainedAt;
    private volatile View view;

    /**
     * @param name of this supervisor among the others
     * @param shards how many there are
     * @param lives makes the random part of an incarnation
     */
    Member(Terms terms, String name, int shards, Supplier<String> lives, long nowNanos) {
        this.terms = terms;
        this.name = name;
        this.lives = lives;
        this.others = new Others(terms.goneNanos());
        this.holdings = new Holdings(shards);
        this.me = new Incarnation(name, lives.get()).toString();
        this.lookAt = nowNanos;
        this.pausedUntil = nowNanos;
        this.view = holdings.view(false, nowNanos, Set.of(), 0, trouble);
    }

    /** What it may do. */
    View view() {
        return view;
    }

    /** Wants no shards any more, and gives away what it has as soon as nothing is under way. */
    void leave() {
        leaving = true;
    }

    /** Gives everything away at once: whatever is under way is over, or nobody waits for it. */
    void finish() {
        leaving = true;
        finishing = true;
    }

    /** What to do now. */
    Op next(long now, Uses uses) {
        if (left) {
            return new Op.Done();
        }
        if (joined && now - actUntil >= 0) {
            lapse(now, "no renewal got through in time");
        }
        if (now - pausedUntil < 0) {
            return new Op.Wait(joined ? earlier(pausedUntil, actUntil) : pausedUntil);
        }
        return joined ? joined(now, uses) : joining(now, uses);
    }

    private Op joining(long now, Uses uses) {
        if (stale || now - lookAt >= 0) {
            return new Op.Look();
        }
        MemberLease mine = own();
        if (leaving) {
            if (mine != null && former.contains(mine.holder())) {
                return new Op.Remove(name, mine.version());
            }
            left = true;
            return new Op.Done();
        }
        String mismatch = mismatch();
        if (mismatch != null) {
            trouble(mismatch, now);
            return new Op.Wait(lookAt);
        }
        if (mine == null || mine.holder().equals(me) || former.contains(mine.holder())
                || others.isGone(mine.holder())) {
            return new Op.Renew(me, false, uses.withJobs(shard -> true), mine == null ? null : mine.version());
        }
        trouble("another process with the name " + name + " lives, or died a moment ago", now);
        return new Op.Wait(lookAt);
    }

    private Op joined(long now, Uses uses) {
        if (!lookedSinceJoined || version == null) {
            return new Op.Look();
        }
        plan();
        Set<String> keeps = uses.withJobs(shard -> holdings.tenure(shard) != Tenure.ACTING);
        if (now - renewAt >= 0 || leaving != leavingTold) {
            return renewal(keeps);
        }
        if (stale || now - lookAt >= 0) {
            return new Op.Look();
        }
        Op hand = handingOver(keeps, uses);
        if (hand != null) {
            return hand;
        }
        int wanted = holdings.toTake(this::mayTake);
        if (wanted >= 0) {
            return new Op.Take(wanted, me, holdings.version(wanted));
        }
        if (holdings.has(Tenure.TAKEN)) {
            return new Op.Look();
        }
        if (leaving && holdings.isEmpty() && (finishing || uses.jobs().isEmpty())) {
            return new Op.Remove(name, version);
        }
        MemberLease forgotten = forgotten();
        if (forgotten != null) {
            return new Op.Remove(forgotten.member(), forgotten.version());
        }
        long until = earlier(renewAt, lookAt);
        if (!keeps.equals(told)) {
            long soon = renewedAt + terms.pauseNanos();
            if (now - soon >= 0) {
                return renewal(keeps);
            }
            until = earlier(until, soon);
        }
        return new Op.Wait(holdings.has(Tenure.HANDING_OVER) || leaving
                ? earlier(until, now + terms.soonNanos())
                : until);
    }

    private Op renewal(Set<String> keeps) {
        return new Op.Renew(me, leaving, keeps, version);
    }

    /** The next shard that is idle is given back; not before the others can know which of its jobs are still here. */
    private @Nullable Op handingOver(Set<String> keeps, Uses uses) {
        int idle = holdings.toRelease(shard -> finishing || !uses.asks(shard));
        if (idle < 0) {
            return null;
        }
        // asked again: a request that was on its way a moment ago may have brought a job
        Set<String> here = uses.withJobs(shard -> shard == idle);
        if (!finishing && !told.containsAll(here)) {
            Set<String> all = new HashSet<>(keeps);
            all.addAll(here);
            return renewal(all);
        }
        String known = holdings.version(idle);
        return known == null ? new Op.Look() : new Op.Release(idle, known);
    }

    /** Takes in what came of an operation that was sent at that moment. */
    void done(Op op, long sentNanos, Answer answer, long now) {
        if (joined && now - actUntil >= 0) {
            // late is as good as never: meanwhile others may have taken us for dead
            lapse(now, "an answer came too late");
        }
        switch (answer) {
            case Answer.Seen(Leases seen) -> seen(seen, sentNanos, now);
            case Answer.Written(String written) -> written(op, sentNanos, written, now);
            case Answer.Conflict() -> undone(op);
            case Answer.Failed(String reason) -> {
                undone(op);
                pausedUntil = now + terms.pauseNanos();
            }
        }
        publish(now);
    }

    private void written(Op op, long sentNanos, String written, long now) {
        switch (op) {
            case Op.Renew renew when !renew.holder().equals(me) -> stale = true;
            case Op.Renew renew -> renewed(renew, sentNanos, written, now);
            case Op.Take take when take.holder().equals(me) && joined ->
                holdings.set(take.shard(), Tenure.TAKEN, me, written);
            case Op.Take take -> stale = true;
            case Op.Release release when joined ->
                holdings.set(release.shard(), Tenure.ELSEWHERE, "", written);
            case Op.Release release -> stale = true;
            case Op.Remove remove -> {
                stale = true;
                if (remove.member().equals(name) && joined) {
                    over();
                    left = leaving;
                }
            }
            case Op.Look look -> {
            }
            case Op.Wait wait -> {
            }
            case Op.Done done -> {
            }
        }
    }

    private void renewed(Op.Renew renew, long sentNanos, String written, long now) {
        long until = sentNanos + terms.actNanos();
        if (!joined && now - until >= 0) {
            stale = true;
            return;
        }
        if (!joined) {
            LOG.info("joined the other supervisors: {}", me);
            joined = true;
            complained = false;
            lookedSinceJoined = false;
            trouble = null;
        }
        version = written;
        told = renew.keeps();
        leavingTold = renew.leaving();
        actUntil = until;
        renewedAt = sentNanos;
        renewAt = sentNanos + terms.renewNanos();
    }

    /** It was not done, or nobody knows: nothing is written again before a look. */
    private void undone(Op op) {
        stale = true;
        switch (op) {
            case Op.Renew renew -> version = null;
            case Op.Release(int shard, String known) -> holdings.unsure(shard, known);
            case Op.Take take -> {
            }
            case Op.Remove remove -> {
            }
            case Op.Look look -> {
            }
            case Op.Wait wait -> {
            }
            case Op.Done done -> {
            }
        }
    }

    private void seen(Leases seen, long sentNanos, long now) {
        others.saw(seen, sentNanos, now);
        leases = seen;
        stale = false;
        lookAt = sentNanos + terms.renewNanos();
        Set<String> named = new HashSet<>();
        seen.members().forEach(member -> named.add(member.holder()));
        seen.shards().forEach(shard -> named.add(shard.holder()));
        former.retainAll(named);
        if (!joined) {
            return;
        }
        MemberLease mine = own();
        if (mine == null || !mine.holder().equals(me)) {
            lapse(now, "its Lease was taken away");
            stale = false;
            return;
        }
        version = mine.version();
        told = mine.keeps();
        leavingTold = mine.leaving();
        if (!lookedSinceJoined) {
            String mismatch = mismatch();
            if (mismatch != null) {
                trouble(mismatch, now);
                over();
                stale = true;
                return;
            }
            lookedSinceJoined = true;
        }
        holdings.seen(seen, me);
        plan();
    }

    /** What it held is not its own any more, and what this incarnation still sends must not be believed. */
    private void lapse(long now, String why) {
        LOG.warn("{}: stops leasing until it has joined again: {}", why, me);
        trouble = "lost its place among the other supervisors: " + why;
        over();
        stale = true;
        lookAt = now;
        publish(now);
    }

    private void over() {
        former.add(me);
        me = new Incarnation(name, lives.get()).toString();
        joined = false;
        version = null;
        told = Set.of();
        leavingTold = false;
        holdings.clear();
    }

    /** Who shall have what: the members that live and stay, this one included. */
    private void plan() {
        Set<String> staying = new TreeSet<>();
        for (MemberLease member : leases.members()) {
            if (!member.member().equals(name) && !member.leaving() && !others.isGone(member.holder())) {
                staying.add(member.member());
            }
        }
        if (!leaving) {
            staying.add(name);
        }
        holdings.plan(name, staying);
        publish(renewedAt);
    }

    private boolean mayTake(String holder) {
        return holder.isEmpty() || former.contains(holder) || others.isGone(holder);
    }

    private @Nullable MemberLease own() {
        return leases.members().stream().filter(member -> member.member().equals(name)).findFirst().orElse(null);
    }

    private @Nullable MemberLease forgotten() {
        return leases.members().stream().filter(
                member -> !member.member().equals(name) && others.isSilent(member.holder(), terms.forgottenNanos()))
                .findFirst().orElse(null);
    }

    /** With another number of shards, one identity would be in two of them. */
    private @Nullable String mismatch() {
        return leases.members().stream()
                .filter(member -> !member.member().equals(name) && member.shards() != holdings.size()
                        && !others.isGone(member.holder()))
                .findFirst().map(member -> "sharding.shards is " + holdings.size() + " here and " + member.shards()
                        + " at " + member.member()
                        + "; it must be the same everywhere: it joins by itself when they agree, or when the others are gone")
                .orElse(null);
    }

    /** Said again as long as it lasts, once a minute at most. */
    private void trouble(String text, long now) {
        if (!complained || now - complainedAt >= COMPLAINS_EVERY_NANOS) {
            LOG.error("does not join the other supervisors, and leases nothing: {}", text);
            complained = true;
            complainedAt = now;
        }
        trouble = text;
        publish(now);
    }

    private void publish(long now) {
        view = holdings.view(joined, joined ? actUntil : now,
                joined ? others.keptBesides(me) : Collections.emptySet(), alive(), trouble);
    }

    private int alive() {
        long besides = leases.members().stream()
                .filter(member -> !member.member().equals(name) && !others.isGone(member.holder())).count();
        return (int) besides + (joined ? 1 : 0);
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
