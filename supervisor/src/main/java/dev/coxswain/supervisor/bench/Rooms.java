package dev.coxswain.supervisor.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.executors.pipeline.PipelineWorkload;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import dev.coxswain.supervisor.Protocols;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.Fleet;
import dev.coxswain.supervisor.fleet.FleetGauges;
import dev.coxswain.supervisor.fleet.FleetPlan;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.journal.SqliteJournal;
import dev.coxswain.supervisor.journal.VolatileJournal;
import dev.coxswain.supervisor.logs.JobLogs;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Exposition;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerMeters;
import dev.coxswain.supervisor.runner.RunnerServices;
import dev.coxswain.supervisor.runner.Slots;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.upload.UploadConfig;
import dev.coxswain.supervisor.upload.Uploads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole engine of a supervisor, wired as {@code Supervisor} does it, but for what is handed in: which journal, and
 * whether jobs are processes or nothing. The admin servers are left out; nobody asks them while it is measured.
 */
final class Rooms implements AutoCloseable {
    static final String POOL = "bench";
    private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FleetClock clock = FleetClock.system();
    private final Deque<Mono<Void>> closings = new ArrayDeque<>();
    private final Exposition exposition = new Exposition("bench", Schedulers.parallel(), clock::nanos);
    private final int slots;
    private final URI url;
    private final RunnerServices services;
    private final Counter noJob;
    private final Meters.Family<Counter> settled;

    Rooms(Order settings) {
        closings.push(Mono.fromRunnable(exposition::close));
        Meters meters = exposition.meters();
        slots = settings.count("connections");
        url = URI.create(settings.text("url"));
        Path folder = Path.of(settings.text("folder"));
        Scheduler files = Schedulers.newBoundedElastic(4, 100_000, "cox-disk", 60, true);
        closings.push(Mono.fromRunnable(files::dispose));
        Scheduler leaseTimer = Schedulers.newSingle("cox-lease", true);
        closings.push(Mono.fromRunnable(leaseTimer::dispose));
        Journal journal = journal(settings, folder, meters);
        closings.push(journal.close());
        JobLogs logs = new JobLogs(LogsConfig.DEFAULT, folder.resolve("logs"), files, meters);
        closings.push(logs.close());
        HttpClients clients = new HttpClients(HttpLimits.DEFAULT.withCalls(slots), exposition.connectionPools());
        closings.push(clients.close());
        Uploads uploads = new Uploads(UploadConfig.DEFAULT, clients.store(), meters, clock, files,
                Schedulers.parallel(), Rooms::random);
        ControlPlane plane = new Protocols(clients, new JsonMapper(), clock, meters)
                .open(config(50, Duration.ofMillis(500), Duration.ofSeconds(30)));
        uploads.announce(POOL);
        boolean processes = settings.with().has("command");
        Beats beats = new Beats(plane, Duration.ofMillis((long) settings.number("jobMillis")));
        services = new RunnerServices(POOL, 1, processes ? plane : beats, "host",
                processes ? processes(folder) : new NoExecutor(), processes ? pipeline(settings) : beats, journal,
                logs, uploads, secrets(), clock, leaseTimer, Rooms::random, new RunnerMeters(meters, POOL, POOL));
        noJob = meters.counters(FleetMeters.LEASE_REQUESTS, POOL).of("no_job");
        settled = meters.counters(FleetMeters.JOBS_SETTLED, POOL, POOL);
    }

    private Journal journal(Order settings, Path folder, Meters meters) {
        Timer appends = meters.timer(FleetMeters.JOURNAL_APPEND_DURATION);
        return settings.with().path("journal").asBoolean()
                ? Objects.requireNonNull(SqliteJournal
                        .open(folder.resolve("journal.db"), clock, Schedulers.parallel(), appends::record).block())
                : new VolatileJournal(clock);
    }

    private Executor processes(Path folder) {
        ProcessExecutor executor = new ProcessExecutor(
                new ProcessConfig(folder.resolve("work"), ProcessConfig.defaultParallelStarts()), System.getenv(),
                Schedulers.parallel());
        closings.push(Mono.fromRunnable(executor::close));
        return executor;
    }

    private static Workload pipeline(Order settings) {
        return new PipelineWorkload(new PipelineConfig(List.of("/bin/sh", "-c", settings.text("command")),
                PipelineConfig.DEFAULT_TIMEOUT, List.of(), Map.of()), System.getenv(), new JsonMapper());
    }

    /** Ten, as the goals say; besides the runner's token. */
    static SecretSet secrets() {
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            secrets.add(new Secret("a-masked-value-" + i + "-of-the-fleet"));
        }
        return new SecretSet(secrets);
    }

    private ControlPlaneConfig config(double perSecond, Duration pollMin, Duration pollMax) {
        return new ControlPlaneConfig(POOL, "xenonflare-studio", url, perSecond, pollMin, pollMax);
    }

    /** A fleet of new runners on these rooms, not started. */
    Fleet fleet(int runners, double perSecond, Duration pollMin, Duration pollMax, Scheduler scheduler) {
        List<Runner> all = new ArrayList<>(runners);
        for (int i = 0; i < runners; i++) {
            all.add(new Runner(services, new Credential("bench-" + i, new Secret("secret-token-of-runner-" + i))));
        }
        FleetPlan plan = new FleetPlan("bench", "bench", clock.now(), List.of(config(perSecond, pollMin, pollMax)),
                List.of(new FleetPlan.PoolPlan(POOL, POOL, 1, services, all)));
        Slots places = new Slots(new SlotsConfig(slots),
                List.of(new Slots.PoolShare(POOL, OptionalInt.empty(), OptionalInt.empty())), exposition.meters());
        Fleet fleet = new Fleet(plan, places, services.journal(), clock, scheduler, Rooms::random);
        new FleetGauges(fleet, exposition.meters(), clock).cover(plan);
        return fleet;
    }

    /** Lease requests so far that brought no job. */
    double refused() {
        return noJob.count();
    }

    /** Jobs so far that were acknowledged as done. */
    double succeeded() {
        return settled.of("success").count();
    }

    /** Jobs so far that have ended, however. */
    double ended() {
        return settled.members().values().stream().mapToDouble(Counter::count).sum();
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void close() {
        while (!closings.isEmpty()) {
            closings.pop().timeout(PATIENCE).onErrorResume(failure -> {
                LOG.warn("a room did not close: {}", failure.toString());
                return Mono.empty();
            }).block();
        }
    }
}
