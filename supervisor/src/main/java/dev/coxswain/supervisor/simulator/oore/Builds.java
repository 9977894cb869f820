package dev.coxswain.supervisor.simulator.oore;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.JobKey;
import dev.coxswain.supervisor.simulator.Ledger;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/**
 * All builds with their state machine (contract oore-ci 5 and 6): oldest first, bound to a runner from the claim on, the
 * lease only until {@code running}, then an hour. Its monitor guards everything about builds (tiny sections) and is taken
 * before the ledger's; callers of several methods in a row hold it.
 */
final class Builds {
    static final Duration WALL = Duration.ofHours(1);
    private static final Duration WALL_LOOP = Duration.ofSeconds(60);
    /** The daemon looks ten times in a lease's length: every 30 s, with its own 300 s. */
    private static final int LOOKS_PER_LEASE = 10;

    private record Due(String id, long nanos) {}

    private final SimulatorContext context;
    private final Ledger ledger;
    private final Ids ids;
    private final Map<String, Build> builds = new HashMap<>();
    private final TreeSet<Build> queued = new TreeSet<>(
            Comparator.comparingLong((Build build) -> build.dueNanos).thenComparing(build -> build.id));
    private final PriorityQueue<Due> ends = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));

    Builds(SimulatorContext context, Ids ids) {
        this.context = context;
        this.ledger = context.ledger();
        this.ids = ids;
        ledger.onVerdict(this::sweep);
    }

    synchronized void add(Build build) {
        ledger.queued(build.key(), build.dueNanos);
        builds.put(build.id, build);
        queued.add(build);
    }

    /** Whether a claim would find something now. */
    synchronized boolean hasEligible() {
        sweep();
        return !queued.isEmpty() && queued.first().dueNanos <= now();
    }

    /** Binds the oldest build to this runner; null when there is none. */
    synchronized @Nullable Build claim(Runner runner, Call call) {
        if (!hasEligible()) {
            return null;
        }
        Build build = queued.pollFirst();
        if (build == null) {
            return null;
        }
        long lease = context.config().leaseLength().toNanos();
        build.runner = runner;
        runner.touched = true;
        build.grant = context.tokens().grant();
        build.startHeardNanos = Long.MAX_VALUE;
        change(build, Build.State.ASSIGNED, "runner:" + runner.id, null);
        until(build, nextLook(now() + lease, lease / LOOKS_PER_LEASE));
        build.lease = ledger.leased(build.key(), runner.holder, now(), build.untilNanos, !call.spoiled());
        return build;
    }

    /** The build, when it is there and bound to this runner; else a 404 or 403, and the ledger judges the request. */
    synchronized Build bound(String id, Runner runner, Call call, CallKind kind, @Nullable JobEnd report) {
        if (find(id) == null) {
            throw Refusal.of(404, "not_found", "there is no such build");
        }
        Build build = held(id, runner, call, kind, report);
        if (build == null) {
            throw told(Refusal.notYours(), id, runner);
        }
        return build;
    }

    /** The same refusal; once it is delivered, the runner knows that it does not hold the build. */
    RefusedException told(RefusedException refusal, String id, Runner runner) {
        JobKey key = new JobKey(OoreProtocol.NAME, id);
        return new RefusedException(String.valueOf(refusal.getMessage()),
                refusal.answer().whenDelivered(nanos -> ledger.noticed(key, runner.holder, nanos)));
    }

    /** The same; null for a build that is not there or not bound to this runner. */
    synchronized @Nullable Build held(String id, Runner runner, Call call, CallKind kind, @Nullable JobEnd report) {
        Build build = find(id);
        if (build == null) {
            return null;
        }
        if (build.runner == runner && call.steals()) {
            steal(build);
        }
        if (build.runner == runner) {
            return build;
        }
        if (kind != CallKind.READ) {
            ledger.refused(build.key(), runner.holder, kind, report, call.arrivedNanos());
        }
        return null;
    }

    /** The build as it is now. */
    synchronized @Nullable Build find(String id) {
        sweep();
        return builds.get(id);
    }

    /** Those that were queued last, by their number. */
    synchronized List<Build> newest(int most) {
        sweep();
        return builds.values().stream().sorted(Comparator.comparingInt((Build build) -> build.number).reversed())
                .limit(most).toList();
    }

    /** From assigned to running: the lease is over, the wall stands. */
    synchronized void start(Build build, Runner runner, @Nullable String reason) {
        build.startedNanos = now();
        change(build, Build.State.RUNNING, "runner:" + runner.id, reason);
        until(build, nextLook(now() + WALL.toNanos(), WALL_LOOP.toNanos()));
        ledger.renewed(build.key(), build.untilNanos);
    }

    synchronized void end(Build build, Runner runner, boolean success, @Nullable String reason) {
        unbind(build, success ? Build.State.SUCCEEDED : Build.State.FAILED, "runner:" + runner.id, reason);
        ledger.ended(build.key(), success ? JobEnd.COMPLETED : JobEnd.FAILED, now());
    }

    /** Ends a build that is not over yet, as a person does; false when it is over or not there. */
    synchronized boolean cancel(String id) {
        Build build = find(id);
        if (build == null || !(build.state == Build.State.QUEUED || build.state.active())) {
            return false;
        }
        queued.remove(build);
        unbind(build, Build.State.CANCELED, "user", null);
        ledger.ended(build.key(), JobEnd.CANCELLED, now());
        return true;
    }

    void breaks(Violation rule, Build build, String detail) {
        ledger.violation(rule, OoreProtocol.NAME, build.key().toString(), detail);
    }

    long now() {
        return context.config().clock().nanos();
    }

    /** A fault wants it gone: back to the queue if it never ran; what runs is never queued again, so it is cancelled. */
    private void steal(Build build) {
        if (build.state == Build.State.RUNNING) {
            cancel(build.id);
        } else {
            requeue(build, JobEnd.STOLEN, now());
        }
    }

    private synchronized void sweep() {
        long now = now();
        for (Due due = ends.peek(); due != null && due.nanos() <= now; due = ends.peek()) {
            ends.remove();
            Build build = builds.get(due.id());
            if (build == null || build.untilNanos != due.nanos()) {
                continue;
            }
            if (build.state == Build.State.ASSIGNED) {
                requeue(build, JobEnd.EXPIRED, due.nanos());
            } else if (build.state == Build.State.RUNNING) {
                unbind(build, Build.State.TIMED_OUT, "system", "the build's time is up");
                // the first one judges why nobody reported in time, the second one ends the job
                ledger.ended(build.key(), JobEnd.EXPIRED, due.nanos());
                ledger.ended(build.key(), JobEnd.CANCELLED, due.nanos());
            }
        }
    }

    private void requeue(Build build, JobEnd end, long nanos) {
        unbind(build, Build.State.QUEUED, "system", "the lease is over");
        queued.add(build);
        ledger.ended(build.key(), end, nanos);
    }

    private void unbind(Build build, Build.State to, String actor, @Nullable String reason) {
        build.runner = null;
        build.grant = null;
        build.untilNanos = Long.MAX_VALUE;
        if (to != Build.State.QUEUED) {
            build.finishedNanos = now();
        }
        change(build, to, actor, reason);
    }

    private void change(Build build, Build.State to, String actor, @Nullable String reason) {
        Build.State from = build.state;
        build.state = to;
        build.updatedNanos = now();
        build.event(ids.next(), from, actor, reason, context.now().getEpochSecond());
    }

    private void until(Build build, long nanos) {
        build.untilNanos = nanos;
        ends.add(new Due(build.id, nanos));
    }

    /** The first look of a loop at or after that moment. */
    private static long nextLook(long nanos, long loop) {
        long period = Math.max(1, loop);
        return Math.ceilDiv(nanos, period) * period;
    }
}
