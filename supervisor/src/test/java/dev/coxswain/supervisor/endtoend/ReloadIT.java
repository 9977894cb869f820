package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.fleet.FleetControl.Reloaded;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/** Another configuration while jobs run: what is new takes effect, and no job notices. */
class ReloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));
    /** A job that ends when somebody makes the file that its topic names. */
    private static final String SCRIPT = """
            topic=$(sed 's/.*"topic":"\\([^"]*\\)".*/\\1/' "$COX_JOB_FILE")
            case $topic in wait*) while [ ! -e "$GATES/$topic" ]; do sleep 0.05; done ;; esac
            echo '{"videoUrl":"https://example.org/v.mp4"}' > "$COX_OUTPUT_DIR/result.json"
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private final ScriptedStudio first = new ScriptedStudio();
    private final ScriptedStudio second = new ScriptedStudio();
    @SuppressWarnings("NullAway.Init")
    private Supervisor supervisor;

    @BeforeEach
    void start() {
        Path program = folder.resolve("job");
        write(program, "#!/bin/sh\n" + SCRIPT, "rwx------");
        configure(1, pool("a", first.uri(), "token-a1"));
        supervisor = Objects.requireNonNull(Supervisor
                .start(() -> new FleetFileLoader().load(folder.resolve("fleet.yaml"), ENVIRONMENT), ENVIRONMENT)
                .block(PATIENCE));
    }

    @AfterEach
    void stop() {
        supervisor.fleet().drain();
        supervisor.drained().block(PATIENCE);
        supervisor.stop().block(PATIENCE);
        first.close();
        second.close();
    }

    @Test
    void aRunningJobEndsWhereItBeganAndTheNextComesFromTheNewPlace() {
        String held = first.offer("wait-1");
        awaitRunning(1);

        configure(1, pool("a", second.uri(), "token-a1"));
        Reloaded reloaded = reload();
        assertThat(reloaded.applied()).isTrue();
        assertThat(reloaded.changes())
                .containsExactly("controlPlanes.a.url: " + first.uri() + " to " + second.uri());
        String next = second.offer("now");
        open("wait-1");

        assertThat(first.awaitEnd(held).error()).isNull();
        assertThat(second.awaitEnd(next).error()).isNull();
    }

    @Test
    void moreSlotsRunnersPoolsAndControlPlanesTakeEffectAtOnce() {
        String held = first.offer("wait-1");
        awaitRunning(1);

        configure(3, pool("a", first.uri(), "token-a1, token-a2"), pool("b", second.uri(), "token-b1"));
        assertThat(reload().changes()).containsExactly("slots.total: 1 to 3", "controlPlanes.b: added",
                "pools.a.credentials: 1 added, 0 removed", "pools.b: added");
        String besides = first.offer("wait-2");
        String other = second.offer("wait-3");
        awaitRunning(3);
        assertThat(supervisor.fleet().status().slotsTotal()).isEqualTo(3);
        open("wait-2");
        open("wait-3");

        assertThat(first.awaitEnd(besides).error()).isNull();
        assertThat(second.awaitEnd(other).error()).isNull();
        open("wait-1");
        assertThat(first.awaitEnd(held).error()).isNull();
    }

    @Test
    void aPoolThatIsGoneEndsItsJobAndLeasesNoMore() {
        String held = first.offer("wait-1");
        awaitRunning(1);

        configure(2, pool("b", second.uri(), "token-b1"));
        assertThat(reload().changes()).contains("controlPlanes.a: removed", "pools.a: removed");
        first.offer("never");
        open("wait-1");
        assertThat(first.awaitEnd(held).error()).isNull();
        String other = second.offer("now");
        assertThat(second.awaitEnd(other).error()).isNull();

        assertThat(supervisor.fleet().status().controlPlanes()).singleElement()
                .satisfies(plane -> assertThat(plane.name()).isEqualTo("b"));
        assertThat(supervisor.fleet().runners("a", null, 1).items()).isEmpty();
        // the control plane knows of an end before we have written that down
        await(() -> supervisor.fleet().jobs("ended", 1).total() == 2);
        await(() -> supervisor.fleet().status().slotsUsed() == 0);
    }

    @Test
    void aCredentialThatMovedHoldsOneJobAtATime() {
        String held = first.offer("wait-1");
        awaitRunning(1);

        // the same control plane and token in a pool of another name: at the control plane it is the same runner
        configure(2, pool("a", first.uri(), "token-a1").replace("- name: a", "- name: moved"));
        assertThat(reload().changes()).contains("pools.a: removed", "pools.moved: added");
        String next = first.offer("now");
        assertThat(supervisor.fleet().runners("moved", null, 1).items()).singleElement()
                .satisfies(runner -> assertThat(runner.why()).contains("pool a"));
        open("wait-1");

        assertThat(first.awaitEnd(held).error()).isNull();
        assertThat(first.awaitEnd(next).error()).isNull();
    }

    @Test
    void anInvalidFileIsRefusedAndTheOldOneKept() {
        write(folder.resolve("fleet.yaml"), "pools: [ { nmae: a } ]", "rw-------");
        Reloaded refused = reload();
        assertThat(refused.applied()).isFalse();
        assertThat(refused.changes()).isEmpty();
        assertThat(refused.problems()).anySatisfy(line -> assertThat(line).contains("fleet.yaml:1:").contains("nmae"));
        assertThat(SupervisorProcess.get(supervisor.endpoints().metrics() + "/metrics"))
                .contains("coxswain_config_reloads_total{result=\"refused\"} 1.0")
                .contains("coxswain_config_reloads_total{result=\"applied\"} 0.0");

        assertThat(first.awaitEnd(first.offer("now")).error()).isNull();
    }

    private Reloaded reload() {
        return Objects.requireNonNull(supervisor.fleet().reload().block(PATIENCE));
    }

    private void awaitRunning(int jobs) {
        await(() -> supervisor.fleet().jobs("running", 1).total() >= jobs);
    }

    private static void await(BooleanSupplier what) {
        Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().filter(tick -> what.getAsBoolean()).next()
                .block(PATIENCE);
    }

    private void open(String gate) {
        write(folder.resolve(gate), "", "rw-------");
    }

    private void configure(int slots, String... pools) {
        StringBuilder planes = new StringBuilder();
        StringBuilder all = new StringBuilder();
        for (String pool : pools) {
            String[] parts = pool.split("\n", 2);
            planes.append("  ").append(parts[0]).append('\n');
            all.append(parts[1].indent(2));
        }
        write(folder.resolve("fleet.yaml"), """
                supervisor:
                  stateDir: ./state
                  admin: { listen: 127.0.0.1:0 }
                  metrics: { listen: 127.0.0.1:0 }
                slots: { total: %d }
                controlPlanes:
                %spools:
                %s""".formatted(slots, planes, all), "rw-------");
    }

    /** Its control plane in one line, then the pool. */
    private String pool(String name, URI studio, String tokens) {
        return """
                %s: { protocol: xenonflare-studio, url: "%s", requestsPerSecond: 200, poll: { min: 50ms, max: 300ms } }
                - name: %s
                  controlPlane: %s
                  credentials: { values: [ %s ] }
                  workload: { command: [ ./job ], env: { GATES: "%s" } }
                """.formatted(name, studio, name, name, tokens, folder);
    }

    private static void write(Path file, String text, String permissions) {
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
