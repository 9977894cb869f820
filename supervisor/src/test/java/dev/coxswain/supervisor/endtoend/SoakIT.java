package dev.coxswain.supervisor.endtoend;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Topic;
import dev.coxswain.supervisor.simulator.Verdict;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.function.Tuple2;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A supervisor that works on among faults of every kind loses no job and keeps nothing: heap, direct memory, threads, open
 * files, processes and folders stay what they were. All of it, ten minutes with 10,000 runners on 64 slots:
 *
 * <pre>
 * mvn verify -pl supervisor -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=SoakIT \
 *   -Dfailsafe.failIfNoSpecifiedTests=false -Dcoxswain.soak.minutes=10 -Dcoxswain.soak.runners=10000 \
 *   -Dcoxswain.soak.slots=64
 * </pre>
 *
 * {@code -Dcoxswain.soak.seed=N} takes the same faults in the same order of requests. It prints all that it measured.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class SoakIT {
    private static final int SAMPLES = 40;
    private static final int LEAST_SAMPLES = 15;
    private static final Duration SHORT = Duration.ofSeconds(25);
    private static final Duration SHORTEST_GAP = Duration.ofSeconds(1);
    private static final Duration BETWEEN_CANCELS = Duration.ofSeconds(1);
    /**
     * What faults may bring about; anything else that is more than information fails the soak. The last three lines: of
     * thousands of beats one is refused in the moment in which its job ends and nobody listens any more.
     */
    private static final Pattern EXPECTED = Pattern.compile(" WARN  Breaker control plane fails, "
            + "| WARN  Heartbeats heartbeat failed, | WARN  Settlement report not acknowledged, "
            + "| ERROR Xenonflare(Studio|Workspace) a lease answer can't be read; "
            + "| WARN  DroppedSignals an error came after its stream had ended"
            + "|^[a-z.]+ControlPlaneException\\$(RateLimited|Unavailable|Garbled): POST /heartbeat"
            + "|^\tat [a-z.]+xenonflare\\.Transport\\.");

    private static final Pattern COMPLAINT = Pattern
            .compile(" (ERROR|WARN) |LEAK|^\tat |^[a-z.]+[A-Z]\\w*(Error|Exception)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong settled = new AtomicLong();

    @Test
    void nothingIsLostAndNothingGrows() throws Exception {
        int minutes = Integer.getInteger("coxswain.soak.minutes", 0);
        int runners = Integer.getInteger("coxswain.soak.runners", 400);
        int slots = Integer.getInteger("coxswain.soak.slots", 16);
        Duration lease = Duration.ofSeconds(Integer.getInteger("coxswain.soak.lease", 30));
        long seed = Long.getLong("coxswain.soak.seed", System.nanoTime());
        Duration length = minutes > 0 ? Duration.ofMinutes(minutes) : SHORT;
        System.out.printf("%d s, %d runners, %d slots, leases of %d s, seed %d%n", length.toSeconds(), runners, slots,
                lease.toSeconds(), seed);
        FaultProfile chaos = FaultProfile.chaos();
        Simulator simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults()
                .withProtocols(SoakFleet.PROTOCOLS).withTokens(runners / SoakFleet.PROTOCOLS.size())
                // a few slots are left, so that runners go on asking
                .withJobs((slots - slots / 8) / SoakFleet.PROTOCOLS.size()).withSeed(seed)
                .withFaults(new FaultProfile(chaos.name(), chaos.rules(), chaos.blackHole(), 2 + minutes))
                .withLeaseLength(lease).withTopics(List.of(new Topic("a soak", "plain", "none", false)))).start()
                .block());
        try {
            SupervisorFolder files = new SupervisorFolder(folder);
            SoakFleet.write(files, simulator, slots);
            SoakTable table;
            String metrics;
            String log;
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of(),
                    List.of("-c", files.config().toString()),
                    SoakProbe.JVM)) {
                process.awaitStarted();
                table = soak(simulator, process, files, length, new Random(seed));
                simulator.ledger().whenAllSettled().block(Duration.ofMinutes(3).plus(lease));
                metrics = process.metrics();
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(90))).as(process.logText()).isZero();
                log = process.logText();
            }
            Verdict verdict = simulator.ledger().verdict();
            System.out.println(table.text());
            System.out.println(verdict.toJson());
            System.out.println(ends(metrics));
            assertThat(failures).isEmpty();
            assertThat(verdict.clean()).as("seed %d: %s", seed, simulator.ledger().toJson(0, 0)).isTrue();
            assertThat(table.grown()).isEmpty();
            assertThat(files.processesLeft()).isEmpty();
            assertThat(files.workspacesLeft()).isEmpty();
            assertThat(files.temporary()).isEmptyDirectory();
            assertThat(files.openLeases()).isEmpty();
            assertThat(complaints(log)).isEmpty();
        } finally {
            simulator.stop().block();
        }
    }

    /** Keeps as many jobs in the queue, cancels one now and then, and measures until the time is over. */
    private SoakTable soak(Simulator simulator, SupervisorProcess process, SupervisorFolder files, Duration length,
            Random random) {
        SoakProbe probe = new SoakProbe(process, files);
        Disposable refills = simulator.ledger().settled().subscribe(job -> {
            settled.incrementAndGet();
            simulator.enqueue(job.job().protocol(), 1);
        }, failures::add);
        try {
            long from = System.nanoTime();
            Duration gap = length.dividedBy(SAMPLES);
            Sinks.Empty<Void> over = Sinks.empty();
            AtomicInteger taken = new AtomicInteger();
            Mono<List<SoakTable.Sample>> samples = each(gap.compareTo(SHORTEST_GAP) < 0 ? SHORTEST_GAP : gap, over,
                    () -> new SoakTable.Sample(Duration.ofNanos(System.nanoTime() - from).toSeconds(), settled.get(),
                            probe.measure()))
                    // a busy machine takes its time for a sample
                    .takeUntil(sample -> taken.incrementAndGet() >= LEAST_SAMPLES
                            && sample.second() >= length.toSeconds())
                    .collectList().doOnTerminate(over::tryEmitEmpty);
            Flux<Boolean> cancels = each(BETWEEN_CANCELS, over, () -> cancelOne(process, random));
            return new SoakTable(
                    Objects.requireNonNull(Mono.zip(samples, cancels.collectList()).map(Tuple2::getT1).block()));
        } finally {
            refills.dispose();
        }
    }

    /** In each such interval, unless the last one still goes on. */
    private static <T> Flux<T> each(Duration interval, Sinks.Empty<Void> until, Callable<T> what) {
        return Flux.interval(interval).takeUntilOther(until.asMono()).onBackpressureDrop()
                .concatMap(tick -> Mono.fromCallable(what).subscribeOn(Schedulers.boundedElastic()), 1);
    }

    /** Cancels a running job, as a person would; it may have ended meanwhile. */
    private static boolean cancelOne(SupervisorProcess process, Random random) {
        JsonNode running = new JsonMapper().readTree(process.admin("jobs?state=running")).path("items");
        if (running.isEmpty()) {
            return false;
        }
        String key = running.get(random.nextInt(running.size())).path("key").asString();
        int status = process.post("jobs/" + key + "/cancel");
        assertThat(status).isIn(202, 404, 409);
        return status == 202;
    }

    /** How the jobs ended, by the supervisor's own count; all of it must have happened. */
    private static Map<String, Long> ends(String metrics) {
        Map<String, Long> ends = metrics.lines().filter(line -> line.startsWith("coxswain_jobs_settled_total{"))
                .collect(Collectors.groupingBy(line -> line.replaceAll(".*result=\"([^\"]*)\".*", "$1"),
                        TreeMap::new,
                        Collectors.summingLong(line -> (long) Double.parseDouble(line.replaceAll(".* ", "")))));
        assertThat(ends.get("success")).isPositive();
        assertThat(ends.get("cancelled")).isPositive();
        assertThat(ends.getOrDefault("failure", 0L) + ends.getOrDefault("timeout", 0L)).isPositive();
        return ends;
    }

    /** Lines that no fault explains: errors, traces of exceptions, leaks, warnings of another kind. */
    private static List<String> complaints(String log) {
        return log.lines().filter(line -> COMPLAINT.matcher(line).find() && !EXPECTED.matcher(line).find()).limit(50)
                .toList();
    }
}
