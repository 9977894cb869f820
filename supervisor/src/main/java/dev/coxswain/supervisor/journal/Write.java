package dev.coxswain.supervisor.journal;

import java.time.Instant;

import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;

/** One record for the journal. */
sealed interface Write {
    record Claimed(LeaseRecord lease) implements Write {}

    record Decided(String key, Outcome outcome, Instant at) implements Write {}

    record Settled(String key) implements Write {}
}
