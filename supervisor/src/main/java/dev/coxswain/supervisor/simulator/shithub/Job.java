package dev.coxswain.supervisor.simulator.shithub;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.JobKey;

/** One job with its state and its chain of tokens; touched only under the monitor of {@link Jobs}. */
final class Job {
    final long id;
    final Run run;
    /** The one before it in its run, which must have ended well first; null when it needs none. */
    final @Nullable Job needs;
    final JobPlan plan;
    final long dueNanos;
    final List<Step> steps = new ArrayList<>();
    final List<Artifact> artifacts = new ArrayList<>();
    Phase phase = Phase.QUEUED;
    @Nullable
    String conclusion;
    boolean cancelRequested;
    /** Whether the server ended it, so that its runner could not know. */
    boolean closedByServer;
    /** Who claimed it; null when nobody did. */
    @Nullable
    Runner runner;
    /** The ledger's number of the lease. */
    int lease;
    long claimedNanos;
    /** What the one live token can be used up by; null when the chain has ended. */
    @Nullable
    String jti;
    /** When the live token ends, on the monotonic clock. */
    long untilNanos;
    /** Whether an operator ended the life of its tokens. */
    boolean tokensExpired;
    /** Whether the ledger knows that its time has run out. */
    boolean expiredInLedger;
    /** When its runner was told that the chain has ended. */
    long endHeardNanos = Long.MAX_VALUE;
    int calls;

    Job(long id, Run run, @Nullable Job needs, JobPlan plan, long dueNanos) {
        this.id = id;
        this.run = run;
        this.needs = needs;
        this.plan = plan;
        this.dueNanos = dueNanos;
    }

    JobKey key() {
        return new JobKey(ShithubProtocol.NAME, String.valueOf(id));
    }

    @Nullable
    Step step(long stepId) {
        for (Step step : steps) {
            if (step.id == stepId) {
                return step;
            }
        }
        return null;
    }
}
