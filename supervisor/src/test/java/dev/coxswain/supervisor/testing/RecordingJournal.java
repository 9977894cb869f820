package dev.coxswain.supervisor.testing;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.journal.JournalException;
import reactor.core.publisher.Mono;

/** A journal in memory that writes down the order of things, and can refuse. */
public final class RecordingJournal implements Journal {
    public final List<LeaseRecord> claims = new ArrayList<>();
    public final List<Outcome> outcomes = new ArrayList<>();
    public final List<String> ends = new ArrayList<>();
    public Runnable onOutcome = () -> {};
    /** What {@link #open()} finds. */
    public final List<OpenLease> leftOvers = new ArrayList<>();
    public boolean broken;
    /** The writes that came while it was broken. */
    public final List<String> refused = new ArrayList<>();

    private Mono<Void> write(String name, Runnable what) {
        return Mono.defer(() -> {
            if (broken) {
                refused.add(name);
                return Mono.error(new JournalException("journal.db: disk full", null));
            }
            what.run();
            return Mono.empty();
        });
    }

    @Override
    public Mono<Void> claimed(LeaseRecord lease) {
        return write("claimed", () -> claims.add(lease));
    }

    @Override
    public Mono<Void> outcome(String key, Outcome outcome) {
        return write("outcome", () -> {
            outcomes.add(outcome);
            onOutcome.run();
        });
    }

    @Override
    public Mono<Void> settled(String key) {
        return write("settled", () -> ends.add(key));
    }

    @Override
    public Mono<List<OpenLease>> open() {
        return Mono.just(List.copyOf(leftOvers));
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
