package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The traps of contract xenonflare-workspace that are the fleet's, by their number there. In virtual time. */
class PollTrapsTest {
    @Test
    void trap09_aConfiguredIntervalIsNotClampedAndTheDefaultIsTheOfficialLeast() {
        FleetBench bench = new FleetBench(9);
        ScriptedPlane quick = bench.plane("quick", 50, Duration.ofMillis(250), Duration.ofMillis(250));
        ScriptedPlane usual = bench.plane("usual", 50, ControlPlaneConfig.DEFAULT_POLL_MIN,
                ControlPlaneConfig.DEFAULT_POLL_MIN);
        bench.pool("q", quick, 1).pool("u", usual, 1).start(2);

        bench.pass(Duration.ofMinutes(2));

        assertThat(quick.asked.size()).isBetween(460, 500);
        assertThat(usual.asked.size()).isBetween(230, 250);
        assertThat(ControlPlaneConfig.DEFAULT_POLL_MIN).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void trap10_aRunnerWhoseJobsFailAtOnceDoesNotSpin() {
        FleetBench bench = new FleetBench(10);
        ScriptedPlane plane = bench.plane("plane");
        plane.answer = runner -> Mono.fromSupplier(() -> plane.job("fail 0"));
        bench.pool("pool", plane, 1).start(1);

        bench.pass(Duration.ofMinutes(10));

        List<Long> times = plane.times();
        for (int i = 1; i < times.size(); i++) {
            long seconds = Math.min(60, 1L << (i - 1));
            assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1))).as("pause %s", i)
                    .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds).plusMillis(600));
        }
        assertThat(times).hasSizeBetween(13, 16);
    }
}
