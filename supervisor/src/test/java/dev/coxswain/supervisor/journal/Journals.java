package dev.coxswain.supervisor.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the journal's tests share. */
final class Journals {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Instant LEASED_AT = Instant.parse("2026-01-02T03:04:05.678901234Z");

    private Journals() {}

    static LeaseRecord lease(String key) {
        return new LeaseRecord(key, "shorts", "pool-1", "runner-1", "job-" + key, "{\"h\":\"" + key + "\"}", LEASED_AT);
    }

    static SqliteJournal open(Path file) {
        return open(file, took -> {}, new SqliteJournal.Limits(65_536, 8_192, 10_000, 0));
    }

    static SqliteJournal open(Path file, Consumer<Duration> observer, SqliteJournal.Limits limits) {
        return await(SqliteJournal.open(file, FleetClock.system(), Schedulers.parallel(), observer, limits));
    }

    static List<Journal.OpenLease> openLeases(Journal journal) {
        return await(journal.open());
    }

    /** The keys of what is open, in order. */
    static List<String> keys(Journal journal) {
        return openLeases(journal).stream().map(open -> open.lease().key()).toList();
    }

    static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    static void done(Mono<Void> mono) {
        mono.block(PATIENCE);
    }
}
