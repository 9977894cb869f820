package dev.coxswain.supervisor.coderunner;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Starts schedules when they are due (contract section 8). A slot, deployment and planned minute, is stored before its run
 * begins, so that it runs once, whatever restarts in between. One that was missed is made up when the next is not due yet.
 */
final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Store store;
    private final Executions executions;
    private final CoderunnerLimits limits;
    private final FleetClock clock;
    private final Scheduler timer;
    private final Scheduler work;
    private final Disposable.Swap running = Disposables.swap();
    private final Map<UUID, Entry> entries = new ConcurrentHashMap<>();

    /** @param work where expressions are computed, which takes too long for a timer */
    Schedules(Store store, Executions executions, CoderunnerLimits limits, FleetClock clock, Scheduler timer,
            Scheduler work) {
        this.store = store;
        this.executions = executions;
        this.limits = limits;
        this.clock = clock;
        this.timer = timer;
        this.work = work;
    }

    /** Takes up all schedules that are wanted, and ticks from then on. */
    Mono<Void> start() {
        return refresh().then(Mono.fromRunnable(() -> running.replace(Flux.interval(TICK, timer).onBackpressureDrop()
                .concatMap(tick -> tick(), 1).subscribe(done -> {}, e -> LOG.error("schedules have stopped", e)))));
    }

    void stop() {
        running.dispose();
    }

    /** Looks again which schedules are wanted. */
    Mono<Void> refresh() {
        return store.read(sql -> DeploymentRows.wanted(sql, DeploymentType.SCHEDULE_JOB)).publishOn(work)
                .doOnNext(wanted -> {
                    entries.keySet().retainAll(wanted.stream().map(Deployment::id).toList());
                    wanted.forEach(deployment -> entries.computeIfAbsent(deployment.id(), id -> entry(deployment)));
                }).then();
    }

    private Entry entry(Deployment deployment) {
        Instant now = clock.now();
        CronSchedule cron = CronSchedule.parse(Objects.requireNonNull(deployment.cron()), now);
        Instant latest = cron.latest(now);
        // stored slots are not run again, so the latest one may be tried whenever it lies in the deployment's time
        boolean missed = latest != null && latest.isAfter(deployment.createdAt());
        return new Entry(deployment, cron, missed ? latest : cron.next(now));
    }

    /** Starts what is due. Never fails. */
    Mono<Void> tick() {
        return Flux.defer(() -> {
            Instant now = clock.now();
            return Flux.fromStream(entries.values().stream().filter(entry -> entry.isDue(now)));
        }).publishOn(work).concatMap(entry -> {
            Instant now = clock.now();
            Instant slot = entry.cron.latest(now);
            entry.due = entry.cron.next(now);
            return slot == null ? Mono.empty() : run(entry.deployment, slot).onErrorResume(e -> {
                LOG.warn("a scheduled run was not started: deployment={} {}", entry.deployment.id(), e.getMessage());
                return Mono.empty();
            });
        }).then();
    }

    private Mono<Void> run(Deployment deployment, Instant slot) {
        return store.write(sql -> claimed(sql, deployment.id(), slot)).flatMap(executions::submit).then();
    }

    /** What to run for a slot that is ours now; null when it was before, or when it is skipped. */
    private @Nullable Submission claimed(Sql sql, UUID id, Instant slot) throws SQLException {
        Deployment deployment = DeploymentRows.any(sql, id);
        if (deployment == null || !deployment.wanted() || sql.update(
                "INSERT OR IGNORE INTO slot (deployment_id, planned_at) VALUES (?, ?)", id, slot) == 0) {
            return null;
        }
        Submission submission = new Submission(Ids.next(), deployment,
                Objects.requireNonNull(DefinitionRows.any(sql, deployment.definitionId())),
                Objects.requireNonNull(VersionRows.any(sql, deployment.versionId())), deployment.size(),
                Trigger.SCHEDULE, Submission.Kind.JOB, limits.jobTimeout(), null, "null", false,
                null);
        if (!ExecutionRows.scheduledIsOpen(sql, id)) {
            return submission;
        }
        Execution skipped = submission.execution(clock.now());
        ExecutionRows.insert(sql, skipped, Submission.Kind.JOB.word(), null);
        ExecutionRows.end(sql, skipped.id(), ExecutionEnd.cancelled("Skipped",
                "the run before it was still going at " + slot), clock.now());
        return null;
    }

    /** A schedule and when it is due next; {@code due} is written by one tick at a time. */
    private static final class Entry {
        private final Deployment deployment;
        private final CronSchedule cron;
        private volatile @Nullable Instant due;

        Entry(Deployment deployment, CronSchedule cron, @Nullable Instant due) {
            this.deployment = deployment;
            this.cron = cron;
            this.due = due;
        }

        boolean isDue(Instant now) {
            Instant at = due;
            return at != null && !now.isBefore(at);
        }
    }
}
