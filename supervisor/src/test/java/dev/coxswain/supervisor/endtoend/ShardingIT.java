package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.shard.LeaseServer;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three supervisors in processes of their own share one set of tokens through Leases: whatever happens to them, no token is
 * used by two, no job is lost, and what one held is held by others within 30 s. All of it, 20 times, and a rolling restart
 * during 1,000 jobs:
 *
 * <pre>
 * mvn verify -pl supervisor -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ShardingIT \
 *   -Dfailsafe.failIfNoSpecifiedTests=false -Dcoxswain.sharding.rounds=20 -Dcoxswain.sharding.restartJobs=1000
 * </pre>
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ShardingIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final int TOKENS = 24;
    private static final int SHARDS = 16;
    private static final int SLOTS = 4;
    private static final Duration LEASE = Duration.ofSeconds(4);
    /** The promise is 30 s; a machine that builds other things meanwhile is not held to it. */
    private static final Duration REBALANCED = Duration
            .ofSeconds(Integer.getInteger("coxswain.sharding.rounds") == null ? 120 : 30);
    private static final Pattern HELD = Pattern
            .compile("coxswain_shard_runners\\{state=\"(held|handing_over)\"\\} (\\d+)");
    private static final Pattern RUNS = Pattern.compile("coxswain_jobs_running\\{[^}]*\\} [1-9]");
    private static final String SCRIPT = """
            set -eu
            sleep "0.$(( $(od -An -N1 -tu1 /dev/urandom) % 5 + 5 ))"
            echo '{"story":{"scenes":[{"narration":"one"}]}}' > "$COX_OUTPUT_DIR/result.json"
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    /** One set of supervisors with what they meet at. */
    private final class Stage implements AutoCloseable {
        final Path home;
        final LeaseServer server = new LeaseServer();
        final Simulator simulator;
        final PollWatch watch;
        final List<SupervisorProcess> all = new ArrayList<>();

        Stage(String name, int jobs) throws IOException {
            home = Files.createDirectory(folder.resolve(name));
            simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withJobs(jobs)
                    .withTokens(TOKENS).withLeaseLength(Duration.ofSeconds(60))).start().block());
            watch = new PollWatch(simulator.url(STUDIO), (who, token) -> {
                String holder = server.holder(token, SHARDS);
                return who.equals(holder) ? "" : who + " asks with a token that is held by " + holder;
            });
        }

        /** Starts the supervisor of this name, in the folder that it may have had before. */
        SupervisorProcess start(String name) throws IOException {
            Path own = home.resolve(name);
            SupervisorFolder files = new SupervisorFolder(Files.createDirectories(own));
            files.write(watch.url(name), simulator.tokens(STUDIO), SLOTS, "drain: { grace: 60s }", SCRIPT, "");
            Files.writeString(files.config(),
                    "sharding: { mode: kubernetes, fleet: test, member: %s, shards: %d, leaseDuration: %ds }%n"
                            .formatted(name, SHARDS, LEASE.toSeconds()),
                    StandardOpenOption.APPEND);
            SupervisorProcess process = new SupervisorProcess(files, Map.of(),
                    List.of("-c", files.config().toString()),
                    List.of("-Dkubernetes.master=" + server.url(), "-Dkubernetes.namespace=fleets",
                            "-Dkubernetes.auth.tryKubeConfig=false", "-Dkubernetes.auth.tryServiceAccount=false"));
            all.add(process);
            return process;
        }

        /** Waits until these, and they alone, hold all runners; tells how long that took. */
        void balanced(SupervisorProcess... members) {
            long from = System.nanoTime();
            Flux.interval(Duration.ZERO, Duration.ofMillis(250), Schedulers.boundedElastic()).onBackpressureDrop()
                    .filter(tick -> isBalanced(members)).next().block(REBALANCED);
            System.out.printf("balanced among %d in %d ms%n", members.length,
                    (System.nanoTime() - from) / 1_000_000);
        }

        /** Waits until everything is leased, so that no grant is under way, and this one runs something of it. */
        void runs(SupervisorProcess member) {
            Flux.interval(Duration.ZERO, Duration.ofMillis(100), Schedulers.boundedElastic()).onBackpressureDrop()
                    .filter(tick -> {
                        if (simulator.ledger().open() == 0) {
                            simulator.enqueue(STUDIO, 3 * SLOTS);
                        }
                        return simulator.ledger().verdict().queued() == 0 && RUNS.matcher(member.metrics()).find();
                    }).next().block(REBALANCED);
        }

        private boolean isBalanced(SupervisorProcess... members) {
            int held = 0;
            for (SupervisorProcess member : members) {
                Matcher counts = HELD.matcher(member.metrics());
                int mine = 0;
                while (counts.find()) {
                    int count = Integer.parseInt(counts.group(2));
                    if (counts.group(1).equals("held")) {
                        mine = count;
                    } else if (count > 0) {
                        return false;
                    }
                }
                if (mine == 0) {
                    return false;
                }
                held += mine;
            }
            return held == TOKENS;
        }

        void clean(int mostFailed) {
            Verdict verdict = simulator.ledger().verdict();
            assertThat(watch.wrong()).isEmpty();
            assertThat(verdict.clean()).as("%s", simulator.ledger().toJson(0, 0)).isTrue();
            assertThat(verdict.completed() + verdict.failed()).isEqualTo(verdict.jobs());
            assertThat(verdict.failed()).isLessThanOrEqualTo(mostFailed);
        }

        @Override
        public void close() throws Exception {
            for (SupervisorProcess process : all) {
                process.close();
            }
            watch.close();
            simulator.stop().block();
            server.close();
        }
    }

    @Test
    void noTokenIsUsedByTwoWhateverHappensToTheSupervisors() throws Exception {
        int rounds = Integer.getInteger("coxswain.sharding.rounds", 1);
        for (int round = 1; round <= rounds; round++) {
            round(round);
            System.out.printf("round %d of %d: clean%n", round, rounds);
        }
        Integer restartJobs = Integer.getInteger("coxswain.sharding.restartJobs");
        if (restartJobs != null) {
            rollingRestart(restartJobs);
        }
    }

    /** Scale from one to three; freeze one and kill one; let both come back; scale to two. */
    private void round(int round) throws Exception {
        try (Stage stage = new Stage("round-" + round, 20)) {
            SupervisorProcess one = stage.start("one").awaitStarted();
            stage.balanced(one);
            SupervisorProcess two = stage.start("two").awaitStarted();
            SupervisorProcess three = stage.start("three").awaitStarted();
            stage.balanced(one, two, three);

            stage.simulator.enqueue(STUDIO, 3 * SLOTS);
            stage.runs(three);
            two.signal("STOP");
            three.kill();
            stage.simulator.ledger().runnersDied();
            stage.balanced(one);

            two.signal("CONT");
            three = stage.start("three").awaitStarted();
            stage.balanced(one, two, three);

            stage.simulator.enqueue(STUDIO, 30);
            one.signal("TERM");
            assertThat(one.awaitExit(Duration.ofSeconds(60))).as(one.logText()).isZero();
            stage.balanced(two, three);

            stage.simulator.ledger().whenAllSettled().block(Duration.ofMinutes(3));
            for (SupervisorProcess last : List.of(two, three)) {
                last.signal("TERM");
                assertThat(last.awaitExit(Duration.ofSeconds(60))).as(last.logText()).isZero();
            }
            // what the killed one ran
            stage.clean(SLOTS);
        }
    }

    /** No job fails because of it. By hand only: it takes minutes. */
    private void rollingRestart(int jobs) throws Exception {
        try (Stage stage = new Stage("restart", jobs)) {
            List<String> names = List.of("one", "two", "three");
            Map<String, SupervisorProcess> living = new LinkedHashMap<>();
            for (String name : names) {
                living.put(name, stage.start(name));
            }
            living.values().forEach(SupervisorProcess::awaitStarted);
            stage.balanced(living.values().toArray(SupervisorProcess[]::new));
            for (String name : names) {
                SupervisorProcess old = Objects.requireNonNull(living.get(name));
                old.signal("TERM");
                assertThat(old.awaitExit(Duration.ofSeconds(60))).as(old.logText()).isZero();
                living.put(name, stage.start(name).awaitStarted());
                stage.balanced(living.values().toArray(SupervisorProcess[]::new));
                assertThat(stage.simulator.ledger().open()).as("jobs left for the next restart").isPositive();
            }
            stage.simulator.ledger().whenAllSettled().block(Duration.ofSeconds(jobs));
            stage.clean(0);
        }
    }
}
