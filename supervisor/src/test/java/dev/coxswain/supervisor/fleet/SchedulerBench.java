package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerMeters;
import dev.coxswain.supervisor.runner.RunnerServices;
import dev.coxswain.supervisor.runner.Slots;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.testing.MemoryLog;
import dev.coxswain.supervisor.testing.NoUploads;
import dev.coxswain.supervisor.testing.RecordingJournal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Poll schedulers alone on virtual time, as many as wanted; granted jobs are run by {@link FleetBench}'s words. */
final class SchedulerBench {
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final FleetClock clock = FleetClock.of(time);
    final Random random;
    final Meters meters = new Meters(new SimpleMeterRegistry());
    final Set<Runner> paused = ConcurrentHashMap.newKeySet();
    int open;
    int slotsPerRunner = 1;

    SchedulerBench(long seed) {
        random = new Random(seed);
    }

    Slots slots(int total, String... pools) {
        List<Slots.PoolShare> shares = new ArrayList<>();
        for (String pool : pools) {
            shares.add(new Slots.PoolShare(pool, OptionalInt.empty(), OptionalInt.empty()));
        }
        return new Slots(new SlotsConfig(total), shares, meters);
    }

    PollScheduler scheduler(ControlPlaneConfig config, Slots slots, int sharing) {
        Random own = new Random(random.nextLong());
        return new PollScheduler(config, slots, clock, time, own::nextDouble, sharing, paused::contains,
                new CredentialLeases(),
                new Starter());
    }

    List<Runner> runners(ScriptedPlane plane, String pool, int count) {
        RunnerServices services = new RunnerServices(pool, slotsPerRunner, plane, "host",
                new FleetBench.NoProcesses(time),
                FleetBench.workload(time), new RecordingJournal(),
                (key, name, secrets) -> Mono.just(new MemoryLog()), new NoUploads(), SecretSet.NONE, clock, time,
                random::nextDouble, new RunnerMeters(meters, plane.name(), pool));
        List<Runner> runners = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            runners.add(new Runner(services, new Credential(pool + "-" + i, new Secret("secret-of-" + i))));
        }
        return runners;
    }

    void pass(Duration howLong) {
        time.advanceTimeBy(howLong);
    }

    /** What would be told to people. */
    final List<String> told = new ArrayList<>();

    private final class Starter implements PollScheduler.JobStarter {
        @Override
        public PollScheduler.Leave polling(Runner runner) {
            open++;
            return PollScheduler.Leave.YES;
        }

        @Override
        public void polledInVain(Runner runner) {
            open--;
        }

        @Override
        public void tell(String type, String controlPlane, @Nullable Runner runner, String message) {
            told.add(type + " " + message);
        }

        @Override
        public void start(Runner runner, JobRun run, Consumer<JobEnd> ended) {
            run.run().subscribe(end -> {
                open--;
                runner.jobEnded(run);
                ended.accept(end);
            }, failure -> {
                throw new AssertionError(failure);
            });
        }
    }
}
