package dev.coxswain.supervisor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.journal.SqliteJournal;
import dev.coxswain.supervisor.journal.VolatileJournal;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Appends claims to a journal, so many at a time. */
final class JournalRole implements Role {
    private static final Duration LONGEST = Duration.ofMinutes(9);

    private final Journal journal;
    private final AtomicInteger keys = new AtomicInteger();

    JournalRole(Order settings) {
        FleetClock clock = FleetClock.system();
        journal = settings.with().path("durable").asBoolean()
                ? Objects.requireNonNull(SqliteJournal.open(Path.of(settings.text("folder")).resolve("journal.db"),
                        clock, Schedulers.parallel(), took -> {
                            // each append is timed here, alike for both journals
                        }).block())
                : new VolatileJournal(clock);
    }

    @Override
    public Map<String, Double> carryOut(Order order) {
        int appends = order.count("appends");
        long[] nanos = new long[appends];
        AtomicInteger next = new AtomicInteger();
        double before = commits();
        Flux.range(0, appends).flatMap(n -> timed(nanos, next), order.count("writers")).blockLast(LONGEST);
        long[] sorted = Figures.sorted(nanos, next.get());
        return Map.of("count", (double) appends, "commits", commits() - before, "p50",
                Figures.percentile(sorted, 0.5) / 1e3, "p99", Figures.percentile(sorted, 0.99) / 1e3);
    }

    private Mono<Void> timed(long[] nanos, AtomicInteger next) {
        return Mono.defer(() -> {
            String key = "bench-" + keys.incrementAndGet();
            long from = System.nanoTime();
            return journal.claimed(new LeaseRecord(key, "bench", "bench", "bench-1", "p" + key,
                    "{\"projectId\":\"p" + key + "\",\"lengthMillis\":600000}", Instant.now()))
                    .doOnSuccess(synced -> nanos[next.getAndIncrement()] = System.nanoTime() - from);
        });
    }

    private double commits() {
        return journal instanceof SqliteJournal durable ? durable.commits() : 0;
    }

    @Override
    public void close() {
        journal.close().block(LONGEST);
    }
}
