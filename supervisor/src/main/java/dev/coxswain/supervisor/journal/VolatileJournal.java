package dev.coxswain.supervisor.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;

/** A journal in memory, which a restart forgets: for measuring what the durable one costs. Holds open leases only. */
public final class VolatileJournal implements Journal {
    private final FleetClock clock;
    private final Map<String, OpenLease> open = new LinkedHashMap<>();

    public VolatileJournal(FleetClock clock) {
        this.clock = clock;
    }

    @Override
    public Mono<Void> claimed(LeaseRecord lease) {
        return Mono.fromRunnable(() -> {
            synchronized (open) {
                open.remove(lease.key());
                open.put(lease.key(), new OpenLease(lease, null, null));
            }
        });
    }

    @Override
    public Mono<Void> outcome(String key, Outcome outcome) {
        return Mono.fromRunnable(() -> {
            synchronized (open) {
                if (open.computeIfPresent(key,
                        (k, lease) -> new OpenLease(lease.lease(), outcome, clock.now())) == null) {
                    throw new JournalException("no open lease " + key + " in the journal", null);
                }
            }
        });
    }

    @Override
    public Mono<Void> settled(String key) {
        return Mono.fromRunnable(() -> {
            synchronized (open) {
                open.remove(key);
            }
        });
    }

    @Override
    public Mono<List<OpenLease>> open() {
        return Mono.fromCallable(() -> {
            synchronized (open) {
                return List.copyOf(open.values());
            }
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
