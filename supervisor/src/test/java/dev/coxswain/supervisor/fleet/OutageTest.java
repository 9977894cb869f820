package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** A thousand supervisors, each with its own scheduler and chance, and one control plane that is down for minutes. */
class OutageTest {
    private static final int SUPERVISORS = 1_000;
    private static final int RUNNERS = 10;

    private final SchedulerBench bench = new SchedulerBench(17);
    private final ControlPlaneConfig config = ScriptedPlane.config("plane", 50, Duration.ofMillis(500),
            Duration.ofSeconds(30));
    private final ScriptedPlane plane = new ScriptedPlane(config, bench.clock);
    private final List<Integer> seconds = new ArrayList<>();
    private final List<PollScheduler> schedulers = new ArrayList<>();

    private int peak(int howMany) {
        seconds.clear();
        for (int i = 0; i < howMany; i++) {
            plane.asked.clear();
            bench.pass(Duration.ofSeconds(1));
            seconds.add(plane.asked.size());
        }
        return seconds.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private double mean() {
        return seconds.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }

    @Test
    void afterAnOutageThePeakIsAtMostTwiceTheSteadyRateAndEveryBreakerIsClosedWithinHalfAMinute() {
        for (int i = 0; i < SUPERVISORS; i++) {
            PollScheduler polls = bench.scheduler(config, bench.slots(4, "pool"), 1);
            bench.runners(plane, "pool", RUNNERS).forEach(runner -> polls.add(runner, 1));
            schedulers.add(polls);
        }
        peak(110);
        peak(20);
        double steady = mean();

        plane.answer = runner -> ScriptedPlane.down();
        int down = peak(120);
        assertThat(schedulers).allMatch(polls -> polls.circuit().number() > 0);
        double probing = mean();
        plane.answer = runner -> ScriptedPlane.noJob();
        int after = peak(30);
        assertThat(schedulers).allMatch(polls -> polls.circuit().number() == 0);
        int later = peak(30);

        System.out.printf("outage, %d supervisors of %d runners: steady %.0f/s, peak while down %d/s, mean while down "
                + "%.0f/s, peak after %d/s, later %d/s%n", SUPERVISORS, RUNNERS, steady, down, probing, after, later);
        assertThat(steady).isBetween(250.0, 400.0);
        assertThat(after).isLessThanOrEqualTo((int) (2 * steady));
        assertThat(later).isLessThanOrEqualTo((int) (2 * steady));
        assertThat(down).isLessThanOrEqualTo((int) (2 * steady));
    }
}
