package dev.coxswain.supervisor.simulator.shithub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.Ledger;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/**
 * All jobs with their state machine (contract shithub-actions 3.2, 8, 9 and 12): one claim each, and no lease that ends.
 * What a runner leaves behind runs on until somebody cancels it. Its monitor guards everything about jobs and runners (tiny
 * sections) and is taken before the ledger's; callers of several methods in a row hold it.
 */
final class Jobs {
    private static final Comparator<Job> OLDEST = Comparator.comparingLong((Job job) -> job.dueNanos)
            .thenComparingLong(job -> job.id);

    private final SimulatorContext context;
    private final Ledger ledger;
    private final Map<Long, Job> jobs = new LinkedHashMap<>();
    private final Map<Job, Job> waiting = new HashMap<>();
    /** What can be claimed, by the label that it wants. */
    private final Map<String, TreeSet<Job>> queued = new HashMap<>();
    private final Set<Job> running = new TreeSet<>(OLDEST);

    Jobs(SimulatorContext context) {
        this.context = context;
        this.ledger = context.ledger();
        ledger.onVerdict(this::sweep);
    }

    synchronized void add(Job job) {
        ledger.queued(job.key(), job.dueNanos);
        jobs.put(job.id, job);
        job.run.jobs.add(job);
        Job first = job.needs;
        if (first == null || (first.phase == Phase.COMPLETED && "success".equals(first.conclusion))) {
            queue(job);
        } else if (first.phase.ended()) {
            skip(job);
        } else {
            waiting.put(first, job);
        }
    }

    /**
     * Binds the oldest job that one of the runner's labels fits; null when there is none.
     *
     * @param untilNanos when its first token will end
     */
    synchronized @Nullable Job claim(Runner runner, Call call, long untilNanos, boolean heard) {
        Job oldest = null;
        List<String> labels = new ArrayList<>(runner.labels);
        labels.add("");
        for (String label : labels) {
            TreeSet<Job> fitting = queued.get(label);
            Job first = fitting == null || fitting.isEmpty() ? null : fitting.first();
            if (first != null && first.dueNanos <= now() && (oldest == null || OLDEST.compare(first, oldest) < 0)) {
                oldest = first;
            }
        }
        if (oldest != null) {
            unqueue(oldest);
            oldest.phase = Phase.RUNNING;
            oldest.runner = runner;
            oldest.claimedNanos = now();
            oldest.untilNanos = untilNanos;
            runner.running.add(oldest);
            running.add(oldest);
            oldest.lease = ledger.leased(oldest.key(), runner.holder, now(), untilNanos,
                    heard && !call.spoiled());
        }
        return oldest;
    }

    /** Cancels what the server believes to be running there and what the runner does not list. */
    synchronized void reconcile(Runner runner, Set<Long> listed) {
        for (Job job : List.copyOf(runner.running)) {
            if (!listed.contains(job.id)) {
                boolean unknown = ledger.runnersDiedSince(job.claimedNanos);
                closeByServer(job, unknown ? JobEnd.CANCELLED : JobEnd.EXPIRED);
            }
        }
    }

    /** As a person does: what is queued ends, what runs is asked to. False when it is over or not there. */
    synchronized boolean cancel(long id) {
        Job job = jobs.get(id);
        if (job == null || job.phase.ended()) {
            return false;
        }
        job.cancelRequested = true;
        if (job.phase == Phase.QUEUED) {
            unqueue(job);
            Job first = job.needs;
            if (first != null) {
                waiting.remove(first);
            }
            closeByServer(job, JobEnd.CANCELLED);
        }
        return true;
    }

    /** Ends a running job without asking its runner, as an operator's recovery and a reconciliation do. */
    synchronized void closeByServer(Job job, JobEnd why) {
        job.cancelRequested = true;
        job.closedByServer = true;
        job.steps.forEach(Step::close);
        if (job.runner != null && why != JobEnd.CANCELLED && !job.expiredInLedger) {
            ledger.ended(job.key(), why, now());
        }
        end(job, Phase.CANCELLED, Phase.CANCELLED.label(), JobEnd.CANCELLED);
    }

    /** Ends a job; for one that has ended already only its conclusion is new. */
    synchronized void end(Job job, Phase phase, String conclusion, JobEnd end) {
        boolean open = !job.phase.ended();
        job.phase = phase;
        job.conclusion = conclusion;
        if (open) {
            ledger.ended(job.key(), end, now());
            running.remove(job);
            Runner runner = job.runner;
            if (runner != null) {
                runner.running.remove(job);
            }
            job.run.rollUp();
            release(job);
        }
    }

    /** The live token ends at that moment; what was not used before cannot be used any more. */
    synchronized void livesUntil(Job job, long untilNanos) {
        job.untilNanos = untilNanos;
        ledger.renewed(job.key(), untilNanos);
    }

    /** The life of its tokens is over, because an operator wants it. */
    synchronized boolean expire(long id) {
        Job job = jobs.get(id);
        if (job == null || job.phase != Phase.RUNNING) {
            return false;
        }
        job.tokensExpired = true;
        job.expiredInLedger = true;
        ledger.ended(job.key(), JobEnd.STOLEN, now());
        return true;
    }

    synchronized @Nullable Job find(long id) {
        return jobs.get(id);
    }

    /** Those that were made last. */
    synchronized List<Job> newest(int most) {
        return jobs.values().stream().skip(Math.max(0, jobs.size() - most)).toList();
    }

    void breaks(Violation rule, Job job, String detail) {
        ledger.violation(rule, ShithubProtocol.NAME, job.key().toString(), detail);
    }

    long now() {
        return context.config().clock().nanos();
    }

    /** The server leaves a job alone whose token has run out; the ledger does not. */
    private synchronized void sweep() {
        for (Job job : running) {
            if (!job.expiredInLedger && job.untilNanos <= now()) {
                job.expiredInLedger = true;
                ledger.ended(job.key(), JobEnd.EXPIRED, job.untilNanos);
            }
        }
    }

    private void release(Job job) {
        Job next = waiting.remove(job);
        if (next == null) {
            return;
        }
        if (job.phase == Phase.COMPLETED && "success".equals(job.conclusion)) {
            queue(next);
        } else {
            skip(next);
        }
    }

    /** What it needs did not end well: nobody will ever claim it. */
    private void skip(Job job) {
        job.steps.forEach(Step::close);
        end(job, Phase.SKIPPED, Phase.SKIPPED.label(), JobEnd.CANCELLED);
    }

    private void queue(Job job) {
        queued.computeIfAbsent(job.plan.runsOn(), label -> new TreeSet<>(OLDEST)).add(job);
    }

    private void unqueue(Job job) {
        TreeSet<Job> fitting = queued.get(job.plan.runsOn());
        if (fitting != null) {
            fitting.remove(job);
        }
    }
}
