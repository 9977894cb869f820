package dev.coxswain.supervisor.endtoend;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.JobSettled;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;
import dev.coxswain.supervisor.simulator.Violation;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/** Signals to a real process: drain, cancel, freeze (design sections 3, 5.4 and 5.7). */
class DrainIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SLOTS = 4;
    private static final String SCRIPT = """
            sleep SECONDS
            echo '{"story":{"scenes":[{"narration":"one"}]}}' > "$COX_OUTPUT_DIR/result.json"
            """;

    @TempDir
    Path folder;

    @Test
    void aSignalInTheMiddleOfARunEndsItCleanlyWithNothingLeased() throws Exception {
        Simulator simulator = simulator(20, Duration.ofSeconds(30));
        try {
            SupervisorFolder files = folder(simulator, "0.4");
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of())) {
                await(simulator, settled -> settled >= 6);
                process.signal("TERM");
                assertThat(process.awaitExit(PATIENCE)).as(process.logText()).isZero();
                assertThat(process.logText()).contains("stopped: cancelled=0");
            }
            Verdict verdict = simulator.ledger().verdict();
            assertThat(verdict.leased()).as(verdict.toJson()).isZero();
            assertThat(verdict.completed()).as(verdict.toJson()).isEqualTo(verdict.leases()).isBetween(6L, 19L);
            assertThat(verdict.violations()).as(verdict.toJson())
                    .allSatisfy((rule, count) -> assertThat(count).isZero());
            assertNothingLeft(files);
        } finally {
            simulator.stop().block();
        }
    }

    @Test
    void aSecondSignalCancelsWhatRunsAndReportsIt() throws Exception {
        Simulator simulator = simulator(20, Duration.ofSeconds(60));
        try {
            SupervisorFolder files = folder(simulator, "300");
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of())) {
                process.awaitStarted();
                awaitLeased(simulator, process);
                process.signal("TERM");
                process.live(Duration.ofMillis(500));
                process.signal("TERM");
                assertThat(process.awaitExit(PATIENCE)).as(process.logText()).isEqualTo(3);
                assertThat(process.logText()).contains("stopped: cancelled=" + SLOTS);
            }
            Verdict verdict = simulator.ledger().verdict();
            assertThat(verdict.failed()).as(verdict.toJson()).isEqualTo(SLOTS);
            assertThat(verdict.leased()).as(verdict.toJson()).isZero();
            assertThat(verdict.violations()).as(verdict.toJson())
                    .allSatisfy((rule, count) -> assertThat(count).isZero());
            assertNothingLeft(files);
        } finally {
            simulator.stop().block();
        }
    }

    @Test
    void afterAFreezeLongerThanTheLeaseNothingIsWrittenAndTheFleetGoesOn() throws Exception {
        Duration lease = Duration.ofSeconds(8);
        Simulator simulator = simulator(8, lease);
        try {
            SupervisorFolder files = folder(simulator, "3");
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of())) {
                process.awaitStarted();
                awaitLeased(simulator, process);
                process.signal("STOP");
                long held = simulator.ledger().verdict().leased();
                assertThat(held).isEqualTo(SLOTS);
                process.live(lease.plusSeconds(2));
                assertThat(simulator.ledger().verdict().leased()).as("leases that ran out meanwhile").isZero();
                process.signal("CONT");
                simulator.ledger().whenAllSettled().block(PATIENCE);
                String metrics = process.metrics();
                process.signal("TERM");
                assertThat(process.awaitExit(PATIENCE)).as(process.logText()).isZero();
                Verdict verdict = simulator.ledger().verdict();
                assertThat(verdict.completed() + verdict.failed()).as(verdict.toJson()).isEqualTo(8);
                // the freeze is ours and no fault of the simulator: it has to count those leases, and nothing else
                assertThat(verdict.violations()).as(verdict.toJson()).allSatisfy((rule, count) -> assertThat(count)
                        .as(rule.label()).isEqualTo(rule == Violation.LEASE_LOST ? held : 0));
                assertThat(count(metrics, "coxswain_jobs_settled_total", "result=\"lost\"")).as(metrics)
                        .isEqualTo((double) held);
            }
            assertNothingLeft(files);
        } finally {
            simulator.stop().block();
        }
    }

    private static Simulator simulator(int jobs, Duration lease) {
        return Objects.requireNonNull(
                new Simulator(SimulatorConfig.defaults().withJobs(jobs).withLeaseLength(lease)).start().block());
    }

    private SupervisorFolder folder(Simulator simulator, String seconds) {
        SupervisorFolder files = new SupervisorFolder(folder);
        files.write(simulator.url(STUDIO), simulator.tokens(STUDIO), SLOTS, "drain: { grace: 1m }",
                SCRIPT.replace("SECONDS", seconds), "");
        return files;
    }

    private static void await(Simulator simulator, LongPredicate settled) {
        simulator.ledger().settled().filter((JobSettled job) -> settled.test(job.settled())).next().block(PATIENCE);
    }

    /** Until every slot's command runs, by the supervisor's own word. */
    private static void awaitLeased(Simulator simulator, SupervisorProcess process) {
        Flux.interval(Duration.ofMillis(100), Schedulers.boundedElastic()).onBackpressureDrop()
                .filter(tick -> simulator.ledger().verdict().leased() == SLOTS
                        && count(process.metrics(), "coxswain_processes", "") == SLOTS)
                .next().block(PATIENCE);
    }

    private static double count(String metrics, String name, String label) {
        return metrics.lines().filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    private static void assertNothingLeft(SupervisorFolder files) {
        assertThat(files.processesLeft()).isEmpty();
        assertThat(files.workspacesLeft()).isEmpty();
        assertThat(files.openLeases()).isEmpty();
    }
}
