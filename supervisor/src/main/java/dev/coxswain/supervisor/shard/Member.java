package dev.coxswain.supervisor.shard;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
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

    private final Terms terms;
    private final String name;
    private final Neighbours others;
    private final OwnLease own;
    private final Holdings holdings;
    private final Trouble trouble = new Trouble();
    /** Whether something has happened since the last look that makes it worthless. */
    private boolean stale = true;
    private boolean joined;
    private boolean lookedSinceJoined;
    private boolean leaving;
    private boolean finishing;
    private boolean left;
    private long lookAt;
    private long pausedUntil;
    private int conflicts;
    private volatile View view;

    /**
     * @param name of this supervisor among the others
     * @param shards how many there are
     * @param lives makes the random part of an incarnation
     */
    Member(Terms terms, String name, int shards, Supplier<String> lives, long nowNanos) {
        this.terms = terms;
        this.name = name;
        this.others = new Neighbours(terms, name);
        this.own = new OwnLease(terms, name, lives);
        this.holdings = new Holdings(shards, terms.goneNanos());
        this.lookAt = nowNanos;
        this.pausedUntil = nowNanos;
        this.view = holdings.view(false, nowNanos, Set.of(), 0, trouble.text());
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
        if (joined && now - own.actUntil() >= 0) {
            lapse(now, "no renewal got through in time");
        }
        if (now - pausedUntil < 0) {
            return new Op.Wait(joined ? earlier(pausedUntil, own.actUntil()) : pausedUntil);
        }
        return joined ? joined(now, uses) : joining(now, uses);
    }

    private Op joining(long now, Uses uses) {
        if (stale || now - lookAt >= 0) {
            return new Op.Look();
        }
        MemberLease mine = others.own();
        if (leaving) {
            if (mine != null && own.isFormer(mine.holder())) {
                return new Op.Remove(name, mine.version());
            }
            left = true;
            return new Op.Done();
        }
        String mismatch = others.mismatch(holdings.size());
        if (mismatch != null) {
            keptOut(mismatch, now);
            return new Op.Wait(lookAt);
        }
        if (mine == null || mine.holder().equals(own.me()) || own.isFormer(mine.holder())
                || others.isGone(mine.holder())) {
            return new Op.Renew(own.me(), false, uses.withJobs(shard -> true), mine == null ? null : mine.version());
        }
        keptOut("another process with the name " + name + " lives, or died a moment ago", now);
        return new Op.Wait(lookAt);
    }

    private Op joined(long now, Uses uses) {
        if (!lookedSinceJoined || own.version() == null) {
            return new Op.Look();
        }
        plan();
        Set<String> keeps = uses.withJobs(shard -> holdings.tenure(shard) != Tenure.ACTING);
        if (own.isDue(now, leaving)) {
            return own.renewal(leaving, keeps);
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
            return new Op.Take(wanted, own.me(), holdings.version(wanted));
        }
        if (holdings.has(Tenure.TAKEN)) {
            return new Op.Look();
        }
        if (leaving && holdings.isEmpty() && (finishing || uses.jobs().isEmpty())) {
            return new Op.Remove(name, own.version());
        }
        MemberLease forgotten = others.forgotten();
        if (forgotten != null) {
            return new Op.Remove(forgotten.member(), forgotten.version());
        }
        long until = earlier(own.renewAt(), lookAt);
        if (!keeps.equals(own.told())) {
            long soon = own.renewedAt() + terms.pauseNanos();
            if (now - soon >= 0) {
                return own.renewal(leaving, keeps);
            }
            until = earlier(until, soon);
        }
        return new Op.Wait(holdings.has(Tenure.HANDING_OVER) || leaving
                ? earlier(until, now + terms.soonNanos())
                : until);
    }

    /** The next shard that is idle is given back; not before the others can know which of its jobs are still here. */
    private @Nullable Op handingOver(Set<String> keeps, Uses uses) {
        int idle = holdings.toRelease(shard -> finishing || !uses.asks(shard));
        if (idle < 0) {
            return null;
        }
        // asked again: a request that was on its way a moment ago may have brought a job
        Set<String> here = uses.withJobs(shard -> shard == idle);
        if (!finishing && !own.told().containsAll(here)) {
            Set<String> all = new HashSet<>(keeps);
            all.addAll(here);
            return own.renewal(leaving, all);
        }
        String known = holdings.version(idle);
        return known == null ? new Op.Look() : new Op.Release(idle, known);
    }

    /** Takes in what came of an operation that was sent at that moment. */
    void done(Op op, long sentNanos, Answer answer, long now) {
        if (joined && now - own.actUntil() >= 0) {
            // late is as good as never: meanwhile others may have taken us for dead
            lapse(now, "an answer came too late");
        }
        trouble.called(answer instanceof Answer.Failed failed ? failed.reason() : null);
        switch (answer) {
            case Answer.Seen(Leases seen) -> seen(seen, sentNanos, now);
            case Answer.Written(String written) -> {
                conflicts = 0;
                written(op, sentNanos, written, now);
            }
            case Answer.Conflict() -> {
                undone(op);
                // what a look does not mend, such as a Lease of that name without our labels, is not tried without end
                pausedUntil = ++conflicts > 1 ? now + terms.pauseNanos() : pausedUntil;
            }
            case Answer.Failed(String reason) -> {
                undone(op);
                pausedUntil = now + terms.pauseNanos();
            }
        }
        publish(now);
    }

    private void written(Op op, long sentNanos, String written, long now) {
        switch (op) {
            case Op.Renew renew when !renew.holder().equals(own.me()) -> stale = true;
            case Op.Renew renew -> renewed(renew, sentNanos, written, now);
            case Op.Take take when take.holder().equals(own.me()) && joined ->
                holdings.set(take.shard(), Tenure.TAKEN, own.me(), written);
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
        if (!joined && now - own.actUntil(sentNanos) >= 0) {
            stale = true;
            return;
        }
        if (!joined) {
            LOG.info("joined the other supervisors: {}", own.me());
            joined = true;
            lookedSinceJoined = false;
            trouble.over();
        }
        own.renewed(renew, sentNanos, written);
    }

    /** It was not done, or nobody knows: nothing is written again before a look. */
    private void undone(Op op) {
        stale = true;
        switch (op) {
            case Op.Renew renew -> own.unsure();
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
        stale = false;
        lookAt = sentNanos + terms.renewNanos();
        own.forgetAllBut(others.named());
        if (!joined) {
            return;
        }
        MemberLease mine = others.own();
        if (mine == null || !mine.holder().equals(own.me())) {
            if (mine == null) {
                holdings.missed(now);
            }
            lapse(now, "its Lease was taken away");
            stale = false;
            return;
        }
        own.seen(mine);
        if (!lookedSinceJoined) {
            String mismatch = others.mismatch(holdings.size());
            if (mismatch != null) {
                over();
                keptOut(mismatch, now);
                stale = true;
                return;
            }
            lookedSinceJoined = true;
        }
        holdings.seen(seen, own.me(), sentNanos, now);
        plan();
    }

    /** What it held is not its own any more, and what this incarnation still sends must not be believed. */
    private void lapse(long now, String why) {
        trouble.lapsed(why, own.me());
        over();
        stale = true;
        lookAt = now;
        publish(now);
    }

    private void over() {
        own.over();
        joined = false;
        holdings.clear();
    }

    /** Who shall have what: the members that live and stay, this one included. */
    private void plan() {
        Set<String> staying = others.staying();
        if (!leaving) {
            staying.add(name);
        }
        holdings.plan(name, staying);
        publish(own.renewedAt());
    }

    private boolean mayTake(String holder) {
        return holder.isEmpty() || own.isFormer(holder) || others.isGone(holder);
    }

    private void keptOut(String why, long now) {
        trouble.keepsOut(why, now);
        publish(now);
    }

    private void publish(long now) {
        view = holdings.view(joined, joined ? own.actUntil() : now,
                joined ? others.keptBesides(own.me()) : Collections.emptySet(), others.alive() + (joined ? 1 : 0),
                trouble.text());
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
