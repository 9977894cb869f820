package dev.coxswain.supervisor.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.JobSettled;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code kill -9} at any instant loses nothing and repeats nothing (design section 5.6). All of it, 30 kills in a run of 300
 * jobs, in about five minutes on two busy cores:
 *
 * <pre>
 * mvn verify -pl supervisor -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=CrashIT \
 *   -Dfailsafe.failIfNoSpecifiedTests=false -Dcoxswain.crash.rounds=30 -Dcoxswain.crash.jobs=300
 * </pre>
 *
 * {@code -Dcoxswain.crash.seed=N} repeats the moments of a run, as far as a machine's load lets it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CrashIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 6;
    /** Kills shall meet work, also on a machine that is done before their time. */
    private static final int MORE_JOBS = 10;
    private static final String SCRIPT = """
            set -eu
            echo "job $COX_JOB_ID in process $$"
            sleep "$(printf '0.%02d' $(( $(od -An -N1 -tu1 /dev/urandom) % 46 + 5 )))"
            { printf '\\211PNG\\r\\n\\032\\n'; head -c 6000 /dev/urandom; } > "$COX_OUTPUT_DIR/scene.png"
            echo '{"story":{"scenes":[{"narration":"one","imageUrl":"scene.png"}]}}' > "$COX_OUTPUT_DIR/result.json"
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void killsAtRandomMomentsLoseNothingAndRepeatNothing() throws Exception {
        int rounds = Integer.getInteger("coxswain.crash.rounds", 4);
        int jobs = Integer.getInteger("coxswain.crash.jobs", 60);
        long seed = Long.getLong("coxswain.crash.seed", System.nanoTime());
        Duration lease = leaseThatOutlivesAStart();
        System.out.printf("%d kills, %d jobs, leases of %d ms, seed %d%n", rounds, jobs, lease.toMillis(), seed);
        Simulator simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withJobs(jobs)
                .withTokens(8).withLeaseLength(lease).withSeed(seed)).start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(Files.createDirectory(folder.resolve("run")));
            files.write(simulator.url(STUDIO), simulator.tokens(STUDIO), SLOTS, "drain: { grace: 30s }", SCRIPT, "");
            int busy = killAgainAndAgain(simulator, files, rounds, new Random(seed));
            try (SupervisorProcess last = new SupervisorProcess(files, Map.of())) {
                simulator.ledger().whenAllSettled().block(Duration.ofSeconds(60 + jobs));
                last.awaitStarted().signal("TERM");
                assertThat(last.awaitExit(Duration.ofSeconds(40))).as(last.logText()).isZero();
            }
            Verdict verdict = simulator.ledger().verdict();
            System.out.println(verdict.toJson());
            System.out.printf("kills with leases held: %d of %d%n", busy, rounds);
            assertThat(verdict.clean()).as("seed %d: %s", seed, simulator.ledger().toJson(0, 0)).isTrue();
            assertThat(verdict.completed() + verdict.failed()).isEqualTo(verdict.jobs()).isGreaterThanOrEqualTo(jobs);
            assertThat(busy).as("kills that met a job").isPositive();
            assertThat(files.processesLeft()).isEmpty();
            assertThat(files.workspacesLeft()).isEmpty();
            assertThat(files.temporary()).isEmptyDirectory();
            assertThat(files.openLeases()).isEmpty();
        } finally {
            simulator.stop().block();
        }
    }

    /** A lease that runs out while nobody lives would say nothing about the supervisor, only about a busy machine. */
    private Duration leaseThatOutlivesAStart() throws Exception {
        Simulator idle = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withJobs(0)).start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(Files.createDirectory(folder.resolve("trial")));
            files.write(idle.url(STUDIO), idle.tokens(STUDIO), SLOTS, "", SCRIPT, "");
            long from = System.nanoTime();
            try (SupervisorProcess trial = new SupervisorProcess(files, Map.of())) {
                trial.awaitStarted();
            }
            Duration lease = Duration.ofNanos(5 * (System.nanoTime() - from));
            return lease.compareTo(SHORTEST_LEASE) > 0 ? lease : SHORTEST_LEASE;
        } finally {
            idle.stop().block();
        }
    }

    /**
     * Of five lives, one ends while it starts, one about when it asks for its first jobs, three in the middle of work.
     * Returns how many kills met a job.
     */
    private static int killAgainAndAgain(Simulator simulator, SupervisorFolder files, int rounds, Random random)
            throws Exception {
        int busy = 0;
        for (int round = 0; round < rounds; round++) {
            if (simulator.ledger().open() == 0) {
                simulator.enqueue(STUDIO, MORE_JOBS);
            }
            Mono<JobSettled> worked = Mono.fromFuture(simulator.ledger().settled().next().toFuture());
            try (SupervisorProcess life = new SupervisorProcess(files, Map.of())) {
                switch (round % 5) {
                    case 1 -> life.awaitStarted().live(Duration.ofMillis(random.nextInt(1_500)));
                    case 4 -> life.live(Duration.ofMillis(random.nextInt(1_000)));
                    default -> {
                        worked.block(PATIENCE);
                        life.live(Duration.ofMillis(random.nextInt(1_000)));
                    }
                }
                life.kill();
                simulator.ledger().runnersDied();
                busy += simulator.ledger().verdict().leased() > 0 ? 1 : 0;
            }
        }
        return busy;
    }
}
