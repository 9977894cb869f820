package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a reload would change, as people read it. */
class FleetDiffTest {
    private static final String BEFORE = """
            supervisor:
              name: one
              stateDir: state
              admin: { listen: "0.0.0.0:8710", token: admin-secret-1 }
              drain: { grace: 10m }
            slots: { total: 4 }
            uploads: { parallel: 8, perJob: 2 }
            controlPlanes:
              shorts: { protocol: xenonflare-studio, url: https://a.example.org, requestsPerSecond: 50 }
              gone: { protocol: xenonflare-studio, url: https://b.example.org }
            executors:
              host: { kind: process, parallelStarts: 2 }
            pools:
              - name: shorts
                controlPlane: shorts
                executor: host
                credentials: { values: [ token-one, token-two ] }
                workload: { command: [ render, secret-argument ] }
              - name: gone
                controlPlane: gone
                executor: host
                credentials: { values: [ token-three ] }
                workload: { command: [ render ] }
            """;

    @TempDir
    Path path = Path.of("");

    private FleetDiff to(String after) {
        Folder folder = new Folder(path);
        FleetFile before = folder.load(BEFORE);
        return FleetDiff.between(before, folder.load(after));
    }

    @Test
    void theSameFileChangesNothing() {
        assertThat(to(BEFORE)).isEqualTo(new FleetDiff(List.of(), List.of()));
    }

    @Test
    void everythingThatDiffersIsALineAndNoSecretIsInOne() {
        FleetDiff diff = to("""
                supervisor:
                  name: two
                  stateDir: state
                  admin: { listen: "0.0.0.0:8710", token: admin-secret-2 }
                  drain: { grace: 90s }
                  logs: { spillPerJob: 1MiB, maxPerJob: 1GiB }
                slots: { total: 8 }
                uploads: { parallel: 9, perJob: 3 }
                controlPlanes:
                  shorts: { protocol: xenonflare-studio, url: https://c.example.org, requestsPerSecond: 80, poll: { min: 1s, max: 5s } }
                  fresh: { protocol: xenonflare-studio, url: https://d.example.org }
                executors:
                  host: { kind: process, parallelStarts: 3 }
                pools:
                  - name: shorts
                    controlPlane: shorts
                    executor: host
                    weight: 2
                    minSlots: 1
                    maxSlots: 5
                    credentials: { values: [ token-two, token-four, token-five ] }
                    workload: { command: [ render, other-argument ] }
                  - name: fresh
                    controlPlane: fresh
                    executor: host
                    credentials: { values: [ token-six ] }
                    workload: { command: [ render ] }
                """);

        assertThat(diff.changes()).containsExactly("supervisor.name: one to two",
                "supervisor.admin: another token", "supervisor.drain.grace: 10m to 90s",
                "supervisor.logs.spillPerJob: 64MiB to 1MiB", "supervisor.logs.maxPerJob: 4GiB to 1GiB",
                "slots.total: 4 to 8", "uploads.parallel: 8 to 9", "uploads.perJob: 2 to 3",
                "controlPlanes.gone: removed",
                "controlPlanes.shorts.url: https://a.example.org to https://c.example.org",
                "controlPlanes.shorts.requestsPerSecond: 50.0 to 80.0", "controlPlanes.shorts.poll.min: 500ms to 1s",
                "controlPlanes.shorts.poll.max: 30s to 5s", "controlPlanes.fresh: added",
                "executors.host: changed, for jobs that begin from now on", "pools.gone: removed",
                "pools.shorts.weight: 1 to 2", "pools.shorts.minSlots: 0 to 1", "pools.shorts.maxSlots: all to 5",
                "pools.shorts.workload: changed, for jobs that begin from now on",
                "pools.shorts.credentials: 2 added, 1 removed", "pools.fresh: added");
        assertThat(diff.needsRestart()).isEmpty();
        assertThat(diff.toString()).doesNotContain("token-").doesNotContain("secret").doesNotContain("argument");
    }

    @Test
    void foldersAndAddressesStayUntilARestartAndTheRestHappens() {
        String moved = BEFORE.replace("stateDir: state", "stateDir: elsewhere").replace("total: 4", "total: 5")
                .replace("0.0.0.0:8710\", token: admin-secret-1", "127.0.0.1:8711\"")
                .replace("  drain:", "  metrics: { listen: 127.0.0.1:1 }\n  drain:");
        Folder folder = new Folder(path);
        FleetFile before = folder.load(BEFORE);
        FleetFile after = folder.load(moved);

        FleetDiff diff = FleetDiff.between(before, after);
        assertThat(diff.changes()).containsExactly("slots.total: 4 to 5");
        assertThat(diff.needsRestart()).containsExactly(
                "supervisor.stateDir: " + path + "/state to " + path + "/elsewhere",
                "supervisor.workDir: " + path + "/state/work to " + path + "/elsewhere/work",
                "supervisor.admin.listen: 0.0.0.0:8710 to 127.0.0.1:8711",
                "supervisor.metrics.listen: 127.0.0.1:9464 to 127.0.0.1:1",
                "supervisor.admin.tokenFile: without it only a loopback address is allowed");
        FleetFile kept = after.keeping(before);
        assertThat(kept.stateDir()).isEqualTo(before.stateDir());
        assertThat(kept.executors()).isEqualTo(before.executors());
        assertThat(kept.admin()).isEqualTo(before.admin());
        assertThat(kept.slots().total()).isEqualTo(5);
    }
}
