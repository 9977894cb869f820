package dev.coxswain.supervisor.simulator.shithub;

import org.jspecify.annotations.Nullable;

/** One step of a job; touched only under the monitor of {@link Jobs}. */
final class Step {
    final long id;
    final int index;
    final StepPlan plan;
    final StepLog log;
    Phase phase = Phase.QUEUED;
    @Nullable
    String conclusion;
    /** Whether the server closed it together with its job. */
    boolean closedByServer;

    Step(long id, int index, StepPlan plan, StepLog log) {
        this.id = id;
        this.index = index;
        this.plan = plan;
        this.log = log;
    }

    void close() {
        if (!phase.ended()) {
            phase = Phase.CANCELLED;
            conclusion = Phase.CANCELLED.label();
            closedByServer = true;
        }
    }
}
