package dev.coxswain.supervisor.coderunner;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Sinks;

/** An execution that has not ended, in memory. Its fields are guarded by the lock of {@link LiveExecutions}. */
final class LiveExecution {
    /** Where it is. */
    enum State {
        /** it has a place, and is not stored yet */
        RESERVED,
        /** it waits for a runner */
        WAITING,
        /** a runner has it */
        LEASED,
        /** it has ended, or never came to be */
        GONE
    }

    private final UUID id;
    private final UUID tenant;
    private final @Nullable UUID deployment;
    private final UUID definition;
    private final boolean counts;
    private final boolean durable;
    private final Sinks.Empty<Void> started = Sinks.empty();
    private final Sinks.One<ExecutionEnd> end = Sinks.one();
    private final ResultStream result;

    State state = State.RESERVED;
    String document = "";
    String runner = "";
    long beatAtNanos;
    /** What becomes of it when its runner has stopped it, since we asked for that. */
    @Nullable
    ExecutionEnd stop;

    /** @param streams whether its caller wants a result that is made in pieces so */
    LiveExecution(Execution row, boolean streams) {
        this.result = new ResultStream(streams);
        this.id = row.id();
        this.tenant = row.tenant();
        this.deployment = row.deploymentId();
        this.definition = row.definitionId();
        this.counts = row.trigger() != Trigger.DEPLOYMENT;
        this.durable = row.trigger() != Trigger.HTTP;
    }

    UUID id() {
        return id;
    }

    UUID tenant() {
        return tenant;
    }

    @Nullable
    UUID deployment() {
        return deployment;
    }

    UUID definition() {
        return definition;
    }

    /** Whether it takes one of its tenant's places. */
    boolean counts() {
        return counts;
    }

    /** Whether its end must survive a power failure: nobody waits for it, so nobody would ask again. */
    boolean isDurable() {
        return durable;
    }

    Sinks.Empty<Void> started() {
        return started;
    }

    ResultStream result() {
        return result;
    }

    Sinks.One<ExecutionEnd> end() {
        return end;
    }
}
