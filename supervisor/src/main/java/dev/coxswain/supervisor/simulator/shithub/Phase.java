package dev.coxswain.supervisor.simulator.shithub;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where a job or a step can be, and where it can go (contract shithub-actions 12). */
enum Phase {
    QUEUED, RUNNING, COMPLETED, CANCELLED, SKIPPED;

    private static final Set<String> CONCLUSIONS = Set.of("success", "failure", "neutral", "cancelled", "skipped",
            "timed_out", "action_required");
    private static final Set<String> FAILURES = Set.of("failure", "timed_out", "action_required");

    static Optional<Phase> labelled(String label) {
        return Arrays.stream(values()).filter(phase -> phase.label().equals(label)).findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean ended() {
        return this != QUEUED && this != RUNNING;
    }

    boolean stepMayBecome(Phase to) {
        return ended() ? to == this : to != QUEUED;
    }

    /** As a step, but a runner cannot skip a job. */
    boolean jobMayBecome(Phase to) {
        return to != SKIPPED && stepMayBecome(to);
    }

    /** The conclusion of an end that comes with this one; empty when there must be another. */
    Optional<String> conclusion(String given) {
        if (!given.isEmpty()) {
            return CONCLUSIONS.contains(given) ? Optional.of(given) : Optional.empty();
        }
        return this == COMPLETED ? Optional.empty() : Optional.of(label());
    }

    /** Whether a run with such a job has failed. */
    static boolean fails(String conclusion) {
        return FAILURES.contains(conclusion);
    }
}
