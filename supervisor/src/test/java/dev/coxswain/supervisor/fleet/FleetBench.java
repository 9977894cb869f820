package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.Admission;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerMeters;
import dev.coxswain.supervisor.runner.RunnerServices;
import dev.coxswain.supervisor.runner.Slots;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.testing.MemoryLog;
import dev.coxswain.supervisor.testing.NoUploads;
import dev.coxswain.supervisor.testing.RecordingJournal;
import dev.coxswain.supervisor.testing.RecordingWorkspace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A whole fleet on virtual time, with scripted control planes. A job's document says what it does: {@code ok 5000}
 * succeeds after 5 s, {@code fail 10} fails after 10 ms.
 */
final class FleetBench {
    static final Duration POLL_MIN = Duration.ofMillis(500);
    static final Duration POLL_MAX = Duration.ofSeconds(30);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final FleetClock clock = FleetClock.of(time);
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Meters meters = new Meters(registry);
    final RecordingJournal journal = new RecordingJournal();
    final Random random;
    private final Map<String, ScriptedPlane> planes = new LinkedHashMap<>();
    private final List<PoolSpec> pools = new ArrayList<>();
    Admission.@Nullable Refusal refusal;
    /** Whether the first runner of each pool has the same credential, and so on. */
    boolean sharedCredentials;
    int slotsPerRunner = 1;
    /** Which runners lease here. */
    Ownership ownership = Ownership.EVERYTHING;
    Slots slots = new Slots(new SlotsConfig(1), List.of(), meters);
    private Fleet fleet = new Fleet(new FleetPlan("none", "0", clock.now(), List.of(), List.of()), slots, journal,
            clock, time, () -> 0);

    FleetBench(long seed) {
        random = new Random(seed);
    }

    ScriptedPlane plane(String name) {
        return plane(name, 50, POLL_MIN, POLL_MAX);
    }

    ScriptedPlane plane(String name, double perSecond, Duration min, Duration max) {
        return planes.computeIfAbsent(name,
                absent -> new ScriptedPlane(ScriptedPlane.config(name, perSecond, min, max), clock));
    }

    /** Runners are called {@code POOL-1} and so on. */
    FleetBench pool(String name, ScriptedPlane plane, int runners) {
        return pool(name, plane, runners, 1, OptionalInt.empty(), OptionalInt.empty());
    }

    FleetBench pool(String name, ScriptedPlane plane, int runners, int weight, OptionalInt least, OptionalInt most) {
        pools.add(new PoolSpec(name, plane, runners, weight, least, most));
        return this;
    }

    /** Builds the fleet without starting it. */
    Fleet build(int totalSlots) {
        slots = new Slots(new SlotsConfig(totalSlots),
                pools.stream().map(pool -> new Slots.PoolShare(pool.name, pool.least, pool.most)).toList(), meters,
                () -> refusal);
        fleet = new Fleet(new FleetPlan("test", "0", clock.now(),
                planes.values().stream().map(plane -> plane.config).toList(), pools.stream().map(this::plan).toList()),
                slots, journal, clock, time, random::nextDouble, ownership);
        return fleet;
    }

    Fleet start(int totalSlots) {
        build(totalSlots).start().subscribe();
        return fleet;
    }

    void pass(Duration howLong) {
        time.advanceTimeBy(howLong);
    }

    private FleetPlan.PoolPlan plan(PoolSpec pool) {
        RunnerServices services = new RunnerServices(pool.name, slotsPerRunner, pool.plane, "host",
                new NoProcesses(time),
                workload(time),
                journal, (key, plane, secrets) -> Mono.just(new MemoryLog()), new NoUploads(), SecretSet.NONE, clock,
                time, random::nextDouble, new RunnerMeters(meters, pool.plane.name(), pool.name));
        List<Runner> runners = new ArrayList<>();
        for (int i = 1; i <= pool.runners; i++) {
            runners.add(new Runner(services, new Credential(pool.name + "-" + i,
                    new Secret("secret-of-" + (sharedCredentials ? "" : pool.name + "-") + i))));
        }
        return new FleetPlan.PoolPlan(pool.name, pool.plane.name(), pool.weight, services, runners);
    }

    static Workload workload(Scheduler time) {
        return (Job job, Workspace space) -> {
            String[] words = job.document().split(" ");
            JobResult result = words[0].equals("ok")
                    ? new JobResult.Succeeded("{}", "output")
                    : new JobResult.Failed("it did not work");
            return Mono.delay(Duration.ofMillis(Long.parseLong(words[1])), time)
                    .<ExecutionEvent>map(tick -> new ExecutionEvent.Ended(result)).flux();
        };
    }

    /** What a counter with these tags says. */
    double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).counter().count();
    }

    double gauge(String meter, String... tags) {
        return registry.get(meter).tags(tags).gauge().value();
    }

    private record PoolSpec(String name, ScriptedPlane plane, int runners, int weight, OptionalInt least,
            OptionalInt most) {}

    /** Opens a workspace in which nothing is started. */
    record NoProcesses(Scheduler time) implements Executor {
        @Override
        public String kind() {
            return "process";
        }

        @Override
        public Mono<Workspace> open(String jobKey) {
            return Mono.fromSupplier(() -> new RecordingWorkspace(time));
        }

        @Override
        public Mono<Reaped> reap() {
            return Mono.just(new Reaped(0, 0));
        }
    }
}
