package dev.coxswain.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor;
import dev.coxswain.supervisor.admin.AdminServer;
import dev.coxswain.supervisor.admin.MetricsServer;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.RunLimits;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import dev.coxswain.supervisor.fleet.Fleet;
import dev.coxswain.supervisor.fleet.FleetGauges;
import dev.coxswain.supervisor.fleet.FleetPlan;
import dev.coxswain.supervisor.fleet.Ownership;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.journal.SqliteJournal;
import dev.coxswain.supervisor.journal.SqliteLibrary;
import dev.coxswain.supervisor.journal.StateLock;
import dev.coxswain.supervisor.logs.JobLogs;
import dev.coxswain.supervisor.metrics.Exposition;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.pressure.HostPressure;
import dev.coxswain.supervisor.runner.Slots;
import dev.coxswain.supervisor.shard.LeasedOwnership;
import dev.coxswain.supervisor.shard.ShardingConfig;
import dev.coxswain.supervisor.shard.StaticOwnership;
import dev.coxswain.supervisor.traces.Traces;
import dev.coxswain.supervisor.upload.Uploads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * One supervisor: builds every room from the configuration, wires them by hand, starts and stops them. Read
 * {@link #build()} from top to bottom to know what depends on what; the end runs backwards through the same list.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final int FILE_THREADS = 4;
    private static final int FILE_QUEUE = 100_000;
    private static final int WAITING_SCRAPES = 16;
    private static final Duration HOST_LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);

    private final FleetFile config;
    private final Callable<FleetFile> source;
    private final Map<String, String> environment;
    private final FleetClock clock = FleetClock.system();
    private final JsonMapper mapper = new JsonMapper();
    /** What must be closed, the last opened first. */
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final Parts parts;
    private volatile @Nullable Endpoints endpoints;

    private Supervisor(FleetFile config, Map<String, String> environment, Callable<FleetFile> source) {
        this.config = config;
        this.source = source;
        this.environment = environment;
        this.parts = build();
    }

    /**
     * Builds and starts a supervisor; emits it when its runners are in. Blocks on disks and sockets while it is
     * subscribed: for an entrance's own thread. Fails with an exception that names what could not be had (state folder,
     * port), after closing what was opened.
     *
     * @param source reads the configuration, now and at each reload; may block, and fail with a {@code ConfigException}
     */
    public static Mono<Supervisor> start(Callable<FleetFile> source, Map<String, String> environment) {
        return Mono.fromCallable(() -> new Supervisor(source.call(), environment, source))
                .flatMap(supervisor -> supervisor.begin().thenReturn(supervisor)
                        .onErrorResume(failure -> supervisor.stop().then(Mono.error(failure))));
    }

    /** What is built and used again after the start. */
    private record Parts(Fleet fleet, Assembly assembly, Functions functions, Counter orphans, AdminServer admin,
            MetricsServer metrics,
            Scheduler files, Reloads reloads, Mono<Void> firstLook, Ownership ownership) {}

    private Parts build() {
        try {
            return wire();
        } catch (RuntimeException e) {
            stop().block();
            throw e;
        }
    }

    private Parts wire() {
        config.warnings().forEach(warning -> LOG.warn("{}", warning));
        StateLock stateLock = StateLock.take(config.stateDir());
        closing("state lock", Mono.fromRunnable(stateLock::close));
        SqliteLibrary.unpackInto(config.stateDir().resolve("native"));
        // whoever uses the work folder kills what a former life left in it: there must be one at a time
        StateLock workLock = StateLock.take(config.workDir());
        closing("work lock", Mono.fromRunnable(workLock::close));
        Exposition exposition = new Exposition(Version.current(), Schedulers.parallel(), clock::nanos);
        closing("meters", Mono.fromRunnable(exposition::close));
        Meters meters = exposition.meters();

        Scheduler files = Schedulers.newBoundedElastic(FILE_THREADS, FILE_QUEUE, "cox-disk", 60, true);
        closing("disk threads", Mono.fromRunnable(files::dispose));
        Scheduler leaseTimer = Schedulers.newSingle("cox-lease", true);
        closing("lease timer", Mono.fromRunnable(leaseTimer::dispose));

        Timer appends = meters.timer(FleetMeters.JOURNAL_APPEND_DURATION);
        // on its own thread, while this one goes on
        CompletableFuture<SqliteJournal> opening = SqliteJournal.open(config.stateDir().resolve("journal.db"), clock,
                Schedulers.parallel(), appends::record).toFuture();
        closing("journal", Mono.fromFuture(opening, true).onErrorComplete().flatMap(SqliteJournal::close));
        JobLogs logs = new JobLogs(config.logs(), config.stateDir().resolve("logs"), files, meters);
        closing("logs", logs.close());
        HttpClients clients = new HttpClients(HttpLimits.DEFAULT,
                exposition.connectionPools());
        closing("HTTP clients", clients.close());
        Traces traces = new Traces(Version.current(), clock, meters);
        traces.retune(config.traces(), config.name());
        closing("traces", traces.close());
        Uploads uploads = new Uploads(config.uploads(), clients.store(), meters, clock, files, Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble());

        SqliteJournal journal = open(Mono.fromFuture(opening, true));
        meters.gauge(FleetMeters.JOURNAL_QUEUED, journal::queued);
        Protocols protocols = new Protocols(clients, mapper, clock, meters);
        Functions functions = new Functions(environment, mapper, files, meters, exposition.connectionPools());
        Assembly assembly = new Assembly(new Assembly.Shared(meters, protocols, journal, logs, uploads, leaseTimer,
                clock, mapper, clients.models(), environment, functions, traces));
        closing("executors", Mono.fromRunnable(assembly::close));
        closing("functions", functions.endWorkloads());
        ExecutionQueue executions = functions.serve(config, assembly.executorOfFunctions(config), clients.calls(),
                clock);
        if (executions != null) {
            protocols.serve(executions);
        }
        closing("Coderunner server", functions.stop());
        HostPressure pressure = new HostPressure(config.refuseWhen(), Path.of("/"),
                List.of(config.workDir(), config.stateDir()), meters, files, Schedulers.parallel(), clock::nanos,
                HOST_LOOK);
        closing("looks at the host", Mono.fromRunnable(pressure::close));
        Slots slots = new Slots(config.slots(), Assembly.shares(config), meters, new HostAdmission(pressure));
        Ownership ownership = ownership(config.sharding(), meters);
        closing("sharing of runners", ownership.leave());
        Fleet fleet = new Fleet(assembly.plan(config), slots, journal, clock, Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble(), ownership);
        closing("fleet", Mono.fromRunnable(fleet::stop));
        FleetGauges gauges = new FleetGauges(fleet, meters, clock);
        gauges.cover(fleet.plan());

        AdminServer admin = new AdminServer(config.admin(), fleet);
        closing("admin server", admin.stop());
        Scheduler scrapes = Schedulers.newBoundedElastic(1, WAITING_SCRAPES, "coxswain-scrape", 60, true);
        closing("scrape thread", Mono.fromRunnable(scrapes::dispose));
        MetricsServer metrics = new MetricsServer(config.admin(), fleet, exposition::scrape, scrapes);
        closing("metrics server", metrics.stop());
        Reloads reloads = new Reloads(config, source, next -> {
            logs.retune(next.logs());
            uploads.retune(next.uploads());
            traces.retune(next.traces(), next.name());
            pressure.limits(next.refuseWhen());
            slots.reshape(next.slots(), Assembly.shares(next));
            FleetPlan plan = assembly.plan(next);
            fleet.apply(plan);
            gauges.cover(plan);
            admin.protect(next.admin());
        }, files, meters);
        fleet.reloadsWith(reloads::reload);
        return new Parts(fleet, assembly, functions, meters.counter(FleetMeters.ORPHANS_REAPED), admin, metrics, files,
                reloads,
                pressure.begin(slots::admittedAgain), ownership);
    }

    private Ownership ownership(ShardingConfig sharding, Meters meters) {
        return switch (sharding) {
            case ShardingConfig.None() -> {
                meters.counters(FleetMeters.SHARD_RENEWALS);
                yield Ownership.EVERYTHING;
            }
            case ShardingConfig.Static fixed -> {
                meters.counters(FleetMeters.SHARD_RENEWALS);
                yield new StaticOwnership(fixed);
            }
            case ShardingConfig.Kubernetes kubernetes -> LeasedOwnership.open(kubernetes,
                    () -> Long.toHexString(ThreadLocalRandom.current().nextLong()), clock, meters);
        };
    }

    /**
     * Servers first, so that probes answer; then the dead of a former life, and after them the Coderunner that we serve, whose
     * ports and files they may still have had; then a look at the host, since nothing is
     * leased on one that is full; then the journal and the runners.
     */
    private Mono<Void> begin() {
        return Mono.zip(parts.admin().start(), parts.metrics().start()).publishOn(parts.files())
                .delayUntil(bound -> Flux.fromIterable(parts.assembly().executors()).concatMap(Executor::reap)
                        .doOnNext(this::reaped))
                .flatMap(bound -> parts.functions().start().map(Optional::of).defaultIfEmpty(Optional.empty())
                        .map(coderunner -> new Endpoints(bound.getT1(), bound.getT2(), coderunner.orElse(null))))
                .publishOn(parts.files()).doOnNext(this::announce).then(parts.firstLook())
                .doOnSuccess(looked -> parts.functions().drainAfter(parts.fleet().whenDraining()))
                .then(parts.fleet().start()).then(parts.ownership().join())
                .doOnSuccess(started -> LOG.info("started: name={} pools={} runners={} slots={}", config.name(),
                        config.pools().size(),
                        config.pools().stream().mapToInt(pool -> pool.credentials().size()).sum(),
                        config.slots().total()));
    }

    private void announce(Endpoints endpoints) {
        try {
            endpoints.write(config.stateDir());
        } catch (IOException e) {
            throw new UncheckedIOException("endpoints.json can't be written: " + e.getMessage(), e);
        }
        LOG.info("listening: admin={} metrics={}{}", endpoints.admin(), endpoints.metrics(),
                endpoints.coderunner() == null ? "" : " coderunner=" + endpoints.coderunner());
        this.endpoints = endpoints;
    }

    private void reaped(Executor.Reaped found) {
        parts.orphans().increment(found.processes());
        if (found.processes() + found.workspaces() > 0) {
            LOG.info("ended what a former life left: processes={} workspaces={}", found.processes(),
                    found.workspaces());
        }
    }

    /** Where it listens; only after the start. */
    public Endpoints endpoints() {
        Endpoints known = endpoints;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    /** The fleet, to look at and to drain. */
    public Fleet fleet() {
        return parts.fleet();
    }

    /** Waits until somebody asks for a drain, then drains within the configured grace; emits the jobs cancelled. */
    public Mono<Integer> drained() {
        return drained(RunLimits.NONE, Mono.never());
    }

    /**
     * Waits until somebody asks for a drain or a limit is reached, then drains; emits the jobs cancelled.
     *
     * @param limits when it ends by itself; looked at from the subscription on
     * @param signalled completes when a signal asks for the end: then the configured grace counts in any case
     */
    public Mono<Integer> drained(RunLimits limits, Mono<Void> signalled) {
        Fleet fleet = parts.fleet();
        return new Ending(fleet.whenDraining(), new LimitWatch(limits, fleet, Schedulers.parallel()).reached(),
                signalled, () -> parts.reloads().running().drainGrace(), fleet::drained).ended();
    }

    /**
     * Closes everything, the last opened first; goes on past what can't be closed. Safe to repeat. Each on a thread that may
     * wait, since ending threads takes locks, and what is closed first may end on an event loop.
     */
    public Mono<Void> stop() {
        return Flux.generate(sink -> {
            Closing next = closings.pollFirst();
            if (next == null) {
                sink.complete();
            } else {
                sink.next(next);
            }
        }).cast(Closing.class)
                .concatMap(closing -> closing.how().subscribeOn(Schedulers.boundedElastic())
                        .timeout(PATIENCE_AT_THE_END).onErrorResume(failure -> {
                            LOG.warn("could not be closed: {} {}", closing.what(),
                                    String.valueOf(failure.getMessage()));
                            return Mono.empty();
                        }), 0)
                .then();
    }

    private void closing(String what, Mono<Void> how) {
        closings.addFirst(new Closing(what, how));
    }

    private record Closing(String what, Mono<Void> how) {}

    private static <T> T open(Mono<T> opening) {
        T opened = opening.block();
        if (opened == null) {
            throw new IllegalStateException("nothing was opened");
        }
        return opened;
    }
}
