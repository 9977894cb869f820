package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** One runner alone at a control plane that takes requests and answers none: nobody else can find out that it is back. */
class LoneRunnerTest {
    private static final int OUTAGES = 50;

    @Test
    void theBreakerIsClosedWithinHalfAMinuteOfTheRecoveryThoughItsOnlyRequestHung() {
        for (int seed = 0; seed < OUTAGES; seed++) {
            SchedulerBench bench = new SchedulerBench(seed);
            ControlPlaneConfig config = ScriptedPlane.config("plane", 50, Duration.ofMillis(500),
                    Duration.ofSeconds(30));
            ScriptedPlane plane = new ScriptedPlane(config, bench.clock);
            PollScheduler polls = bench.scheduler(config, bench.slots(1, "pool"), 1);
            bench.runners(plane, "pool", 1).forEach(runner -> polls.add(runner, 1));
            bench.pass(Duration.ofMinutes(1));
            assertThat(polls.circuit().number()).as("seed %d, before", seed).isZero();

            plane.answer = runner -> Mono.never();
            bench.pass(Duration.ofMillis(600_000 + new Random(seed).nextInt(60_000)));
            assertThat(polls.circuit().number()).as("seed %d, during", seed).isPositive();

            plane.answer = runner -> ScriptedPlane.noJob();
            bench.pass(Duration.ofSeconds(30));
            assertThat(polls.circuit().number()).as("seed %d, after", seed).isZero();
        }
    }
}
