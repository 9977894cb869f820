package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An execution that is asked for.
 *
 * @param id what its execution will be called
 * @param deployment null when a version is run by itself
 * @param kind what the workload does with it
 * @param timeout null for none
 * @param port where a service shall listen; else null
 * @param payload a JSON text
 * @param streams whether a result that is made piece by piece is wanted so
 * @param repeat what makes two requests for it one; null when nothing does
 */
record Submission(UUID id, @Nullable Deployment deployment, Definition definition, CodeVersion version, Size size,
        Trigger trigger, Kind kind, @Nullable Duration timeout, @Nullable Integer port, String payload,
        boolean streams, @Nullable Repeat repeat) {
    /** As the workload knows them. */
    enum Kind {
        /** one call, perhaps in a warm process */
        FUNCTION,
        /** once, in a process of its own */
        JOB,
        /** runs until it is stopped, and listens on a port */
        SERVICE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An idempotency key (contract section 9).
     *
     * @param target the id in the request's path
     */
    record Repeat(UUID target, String key) {}

    /** Whether it takes one of its tenant's places: what nobody asked for at this moment is not refused. */
    boolean counts() {
        return trigger != Trigger.DEPLOYMENT;
    }

    boolean mayBeRefused() {
        return trigger == Trigger.HTTP || trigger == Trigger.MANUAL;
    }

    /** The new row for it. */
    Execution execution(Instant now) {
        return new Execution(id, definition.tenant(), deployment == null ? null : deployment.id(), definition.id(),
                version.id(), trigger, ExecutionStatus.PENDING, now, null, null, null, null, null, null, false, null);
    }
}
