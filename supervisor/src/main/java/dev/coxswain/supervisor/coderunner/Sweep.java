package dev.coxswain.supervisor.coderunner;

import java.nio.file.Files;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Removes what is too old: ended executions with their logs, idempotency keys, schedule slots. */
final class Sweep {
    private static final Duration SLOTS_KEPT = Duration.ofDays(7);
    /** In one transaction, so that nobody waits long for the store. */
    private static final int AT_ONCE = 500;

    private final Store store;
    private final LogFolder logs;
    private final CodeFolders folders;
    private final Scheduler files;
    private final CoderunnerLimits limits;
    private final FleetClock clock;

    Sweep(Store store, LogFolder logs, CodeFolders folders, Scheduler files, CoderunnerLimits limits,
            FleetClock clock) {
        this.store = store;
        this.logs = logs;
        this.folders = folders;
        this.files = files;
        this.limits = limits;
        this.clock = clock;
    }

    /** Emits how many executions went. */
    Mono<Long> run() {
        return Mono.defer(() -> some().expand(gone -> gone > 0 ? some() : Mono.empty())
                .reduce(0L, Long::sum)).delayUntil(gone -> store.write(this::forget));
    }

    private Mono<Integer> some() {
        return store.write(this::remove).flatMap(gone -> Mono.fromCallable(() -> {
            for (Gone each : gone) {
                logs.remove(each.definition(), each.id());
                Files.deleteIfExists(folders.payload(each.id()));
            }
            return gone.size();
        }).subscribeOn(files));
    }

    private List<Gone> remove(Sql sql) throws SQLException {
        Instant before = clock.now().minus(limits.keepFor());
        List<Gone> gone = new ArrayList<>(sql.list("SELECT id, definition_id FROM execution WHERE status >= 3"
                + " AND created_at < ? AND finished_at < ? LIMIT ?", Sweep::read, before, before, AT_ONCE));
        if (gone.isEmpty()) {
            // by the index of each deployment, so that a million rows of one cost the others nothing
            gone.addAll(sql.list("SELECT e.id, e.definition_id FROM deployment AS d JOIN execution AS e"
                    + " ON e.deployment_id = d.id AND e.seq <= (SELECT x.seq FROM execution AS x"
                    + " WHERE x.deployment_id = d.id ORDER BY x.seq DESC LIMIT 1 OFFSET ?)"
                    + " WHERE e.status >= 3 LIMIT ?", Sweep::read, limits.keepMost(), AT_ONCE));
        }
        for (Gone each : gone) {
            sql.update("DELETE FROM execution WHERE id = ?", each.id());
        }
        return gone;
    }

    private static Gone read(ResultSet row) throws SQLException {
        return new Gone(Sql.id(row, "id"), Sql.id(row, "definition_id"));
    }

    private Boolean forget(Sql sql) throws SQLException {
        sql.update("DELETE FROM idempotency WHERE created_at < ?", clock.now().minus(Repeats.MEMORY));
        // the newest slot of each stays: it says that this one has been run
        sql.update("DELETE FROM slot WHERE planned_at < ? AND planned_at < (SELECT max(newest.planned_at)"
                + " FROM slot AS newest WHERE newest.deployment_id = slot.deployment_id)",
                clock.now().minus(SLOTS_KEPT));
        return true;
    }

    private record Gone(UUID id, UUID definition) {}
}
