package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Limits;
import dev.coxswain.executors.kubernetes.PodPlacement;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.pressure.PressureConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.upload.UploadConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** What a right file becomes. */
class FleetFileTest {
    @TempDir
    Path path = Path.of("");
    private Folder folder = new Folder(path);

    @BeforeEach
    void enter() {
        folder = new Folder(path);
    }

    @Test
    void whatIsNotWrittenHasItsDefault() {
        FleetFile fleet = folder.load(Folder.LEAST);

        assertThat(fleet.name()).isEqualTo("build-01.example.org");
        assertThat(fleet.stateDir()).isEqualTo(path.resolve(".coxswain"));
        assertThat(fleet.workDir()).isEqualTo(path.resolve(".coxswain/work"));
        assertThat(fleet.admin()).isEqualTo(new AdminConfig("127.0.0.1", 8710, null, "127.0.0.1", 9464));
        assertThat(fleet.drainGrace()).isEqualTo(Duration.ofMinutes(10));
        assertThat(fleet.logs()).isEqualTo(LogsConfig.DEFAULT);
        assertThat(fleet.slots()).isEqualTo(new SlotsConfig(SlotsConfig.defaultTotal()));
        assertThat(fleet.refuseWhen()).isEqualTo(PressureConfig.NONE);
        assertThat(fleet.uploads()).isEqualTo(UploadConfig.DEFAULT);
        assertThat(fleet.controlPlanes()).containsExactly(Map.entry("shorts",
                new ControlPlaneConfig("shorts", "xenonflare-studio", URI.create("https://cloud.example.org"), 50,
                        Duration.ofMillis(500), Duration.ofSeconds(30))));
        assertThat(fleet.executors()).containsExactly(Map.entry("host", new ExecutorEntry.ProcessExecutor(
                new ProcessConfig(path.resolve(".coxswain/work"), ProcessConfig.defaultParallelStarts()))));
        Secret token = new Secret("token-one");
        assertThat(fleet.pools()).containsExactly(new PoolConfig("shorts", "shorts",
                List.of(new Credential("shorts-" + token.fingerprint(), token)), 1, List.of(),
                new WorkloadEntry.Pipeline(
                        new PipelineConfig(List.of("render"), Duration.ofMinutes(30), List.of(), Map.of())),
                "host", 1, OptionalInt.empty(), OptionalInt.empty()));
        assertThat(fleet.warnings()).isEmpty();
        assertThat(fleet.secrets()).containsExactly(token);
    }

    @Test
    void everyKeyArrives() {
        folder.write("admin-token", "admin-secret\n");
        folder.write("shorts.tokens", "# two runners\n\n  tok-a  \r\ntok-b\n");
        folder.write("render", "#!/bin/sh\n");
        folder.write("key.pem", "BEGIN KEY\nabcdefgh\nxy\n\n");
        FleetFile fleet = folder.load("""
                supervisor:
                  name: build-02
                  stateDir: state
                  workDir: /var/tmp/cox/work
                  admin: { listen: "0.0.0.0:0", tokenFile: admin-token }
                  metrics: { listen: "[::1]:9999" }
                  drain: { grace: 90s }
                  logs: { spillPerJob: 1MiB, maxPerJob: 2GiB }
                slots:
                  total: 64
                  refuseWhen: { memoryAbove: 90%, diskFreeBelow: 2GiB, inodesFreeBelow: 5%, loadPerCoreAbove: 1.5, pressureAbove: 62.5%, openFilesAbove: "80%", pidsAbove: 70% }
                uploads: { parallel: 2 }
                controlPlanes:
                  shorts:
                    protocol: xenonflare-studio
                    url: "http://localhost:8080/base/"
                    requestsPerSecond: 0.5
                    poll: { min: 1s, max: 2m }
                executors:
                  here: { kind: process, sandbox: none, parallelStarts: 7 }
                pools:
                  - name: shorts
                    controlPlane: shorts
                    credentials: { file: shorts.tokens, env: TOKENS, values: [ "${ONE}", tok-f ] }
                    slotsPerRunner: 1
                    labels: [ self-hosted, linux ]
                    workload:
                      kind: pipeline
                      command: [ ./render, "--home=${HOME_DIR}", "$${literal}" ]
                      timeout: 45m
                      passEnv: [ SSH_AUTH_SOCK ]
                      env: { MODE: fast, DB: "postgres://u:${PASSWORD}@db/x", PEM: "${file:key.pem}", SHORT: "${N}" }
                    executor: here
                    weight: 4
                    minSlots: 2
                    maxSlots: 16
                sharding: { mode: none }
                """, Map.of("TOKENS", "tok-c, tok-d\n", "ONE", "tok-e", "HOME_DIR", "/home/cox", "PASSWORD", "hunter22",
                "N", "7"));

        assertThat(fleet.name()).isEqualTo("build-02");
        assertThat(fleet.stateDir()).isEqualTo(path.resolve("state"));
        assertThat(fleet.workDir()).isEqualTo(Path.of("/var/tmp/cox/work"));
        assertThat(fleet.admin()).isEqualTo(new AdminConfig("0.0.0.0", 0, new Secret("admin-secret"), "::1", 9999));
        assertThat(fleet.drainGrace()).isEqualTo(Duration.ofSeconds(90));
        assertThat(fleet.logs()).isEqualTo(new LogsConfig(1 << 20, 2L << 30));
        assertThat(fleet.slots()).isEqualTo(new SlotsConfig(64));
        assertThat(fleet.refuseWhen()).isEqualTo(new PressureConfig(OptionalDouble.of(0.9), OptionalLong.of(2L << 30),
                OptionalDouble.of(0.05), OptionalDouble.of(1.5), OptionalDouble.of(0.625), OptionalDouble.of(0.8),
                OptionalDouble.of(0.7)));
        assertThat(fleet.uploads()).isEqualTo(new UploadConfig(2, 2));
        assertThat(fleet.controlPlanes().values())
                .containsExactly(new ControlPlaneConfig("shorts", "xenonflare-studio",
                        URI.create("http://localhost:8080/base"), 0.5, Duration.ofSeconds(1), Duration.ofMinutes(2)));
        assertThat(fleet.executors()).containsExactly(Map.entry("here",
                new ExecutorEntry.ProcessExecutor(new ProcessConfig(Path.of("/var/tmp/cox/work"), 7))));
        PoolConfig pool = fleet.pools().get(0);
        assertThat(pool.credentials()).extracting(credential -> credential.token().reveal()).containsExactly("tok-a",
                "tok-b", "tok-c", "tok-d", "tok-e", "tok-f");
        assertThat(pool).isEqualTo(new PoolConfig("shorts", "shorts", pool.credentials(), 1,
                List.of("self-hosted", "linux"),
                new WorkloadEntry.Pipeline(new PipelineConfig(
                        List.of(path.resolve("render").toString(), "--home=/home/cox", "${literal}"),
                        Duration.ofMinutes(45), List.of("SSH_AUTH_SOCK"),
                        Map.of("MODE", "fast", "DB", "postgres://u:hunter22@db/x", "PEM", "BEGIN KEY\nabcdefgh\nxy",
                                "SHORT", "7"))),
                "here", 4, OptionalInt.of(2), OptionalInt.of(16)));
        assertThat(fleet.secrets()).extracting(Secret::reveal).containsExactly("admin-secret", "tok-a", "tok-b",
                "tok-c",
                "tok-d", "tok-e", "tok-f", "hunter22", "BEGIN KEY\nabcdefgh\nxy", "BEGIN KEY", "abcdefgh");
        assertThat(fleet.warnings()).containsExactly("fleet.yaml:29:18: pools[0].workload.command[0]: "
                + "is not a program that can be run on this host; looked for " + path.resolve("render"));
        assertThat(fleet.toString()).doesNotContain("tok-", "admin-secret", "hunter22", "BEGIN");
    }

    @Test
    void aSecretThatOthersCanReadIsAWarning() {
        folder.write("tokens", "tok-a\n");
        folder.open("tokens");
        folder.write("admin", "admin-secret");
        folder.open("admin");
        folder.write("fleet.yaml", Folder.LEAST.replace("values: [ token-one ]", "file: tokens, values: [ token-one ]")
                + "supervisor: { admin: { tokenFile: admin } }\n");
        folder.open("fleet.yaml");

        FleetFile fleet = folder.loader().load(path.resolve("fleet.yaml"), Map.of());

        assertThat(fleet.warnings().stream().map(line -> line.replace(path + "/", ""))).containsExactly(
                "fleet.yaml:6:26: pools[0].credentials.file: everybody on this host can read tokens; chmod 600 it",
                "fleet.yaml:6:42: pools[0].credentials.values: everybody on this host can read this file; chmod 600 it, or use credentials.file",
                "fleet.yaml:8:35: supervisor.admin.tokenFile: everybody on this host can read admin; chmod 600 it");
    }

    @Test
    void whatNoPoolUsesIsAWarning() {
        FleetFile fleet = folder.load(Folder.LEAST.replace("pools:", """
                  spare: { protocol: xenonflare-studio, url: https://spare.example.org }
                executors: { host: { kind: process }, other: { kind: process } }
                pools:""") + "    executor: host\n");

        assertThat(fleet.warnings()).containsExactly("fleet.yaml:2:3: controlPlanes: no pool uses spare",
                "fleet.yaml:4:12: executors: no pool uses other");
    }

    @Test
    void manyRunnersHaveManyNames() {
        String tokens = IntStream.range(0, 100_000).mapToObj(i -> "token-" + i).collect(Collectors.joining("\n"));
        folder.write("tokens", tokens);

        FleetFile fleet = folder.load(Folder.LEAST.replace("values: [ token-one ]", "file: tokens"));

        assertThat(fleet.pools().get(0).credentials().stream().map(Credential::runner).distinct()).hasSize(100_000);
    }

    @Test
    void aliasesStandForWholeValues() {
        FleetFile fleet = folder.load(Folder.LEAST.replace("workload: {", "workload: &render {") + """
                  - name: second
                    controlPlane: shorts
                    credentials: { values: [ token-two ] }
                    workload: *render
                """);

        assertThat(fleet.pools()).extracting(PoolConfig::workload).hasSize(2).containsOnly(
                fleet.pools().get(0).workload());
    }

    @Test
    void aByteOrderMarkIsNoCharacterOfTheFirstKey() {
        assertThat(folder.load("\uFEFF" + Folder.LEAST).pools()).hasSize(1);
    }

    @Test
    void aTokenMayComeFromAVariable() {
        FleetFile fleet = folder.load(Folder.LEAST + "supervisor: { admin: { listen: \"[::]:1\", token: \"${T}\" } }\n",
                Map.of("T", "from-env"));

        assertThat(fleet.admin().token()).isEqualTo(new Secret("from-env"));
        assertThat(fleet.admin().adminHost()).isEqualTo("::");
    }

    @Test
    void theDesignsSampleIsAConfiguration() {
        folder.write("shorts.tokens", "tok-a\n");
        folder.write("admin-token", "admin-secret");
        FleetFile fleet = folder.load("""
                supervisor:
                  name: build-01                       # default: host name
                  stateDir: /var/lib/coxswain          # journal, log spill; default ./.coxswain
                  workDir: /var/lib/coxswain/work      # one folder per job, 0700, removed at its end
                  admin:   { listen: 127.0.0.1:8710, tokenFile: admin-token }
                  metrics: { listen: 127.0.0.1:9464 }  # /metrics /livez /readyz, nothing else
                  drain:   { grace: 10m }
                  logs:    { spillPerJob: 64MiB }
                slots:
                  total: 64                            # jobs at once in this JVM; default: 2 per core
                uploads: { parallel: 32, perJob: 4 }
                controlPlanes:
                  shorts:   { protocol: xenonflare-studio,    url: https://cloud.xenonflare.com, requestsPerSecond: 200, poll: { min: 500ms, max: 30s } }
                executors:
                  host: { kind: process, sandbox: none }        # none | bubblewrap
                  safe: { kind: process, sandbox: bubblewrap, limits: { cpu: 2, memory: 4GiB, pids: 512 } }
                pools:
                  - name: shorts
                    controlPlane: shorts
                    credentials: { file: shorts.tokens }
                    slotsPerRunner: 1                            # jobs at once on one identity
                    labels: [ self-hosted, linux ]               # where the protocol knows labels
                    workload: { kind: pipeline, command: [ render ], timeout: 30m }
                    executor: host
                    weight: 1                                    # share of slots when the host is full
                sharding: { mode: none }                         # none | static {index, count} | kubernetes
                """);

        assertThat(fleet.admin().adminPort()).isEqualTo(8710);
        assertThat(fleet.stateDir()).isEqualTo(Path.of("/var/lib/coxswain"));
        assertThat(fleet.controlPlanes().values()).extracting(ControlPlaneConfig::requestsPerSecond)
                .containsExactly(200.0);
        assertThat(fleet.executors().get("safe")).isInstanceOfSatisfying(ExecutorEntry.ProcessExecutor.class, safe -> {
            assertThat(safe.config().limits()).isEqualTo(new Limits(2000, 4L << 30, 512));
            // with the configuration itself, whatever it was read for
            assertThat(Objects.requireNonNull(safe.config().sandbox()).hidden()).containsExactlyInAnyOrder(
                    Path.of("/var/lib/coxswain"), folder.path().resolve("shorts.tokens"),
                    folder.path().resolve("admin-token"),
                    folder.path().resolve("fleet.yaml"));
        });
    }

    @Test
    void whatIsPutIntoTheConfigurationIsHiddenInSandboxes() {
        folder.write("key.txt", "tok-a\n");
        FleetFile fleet = folder.load(Folder.LEAST.replace("token-one", "\"${file:key.txt}\"")
                + "executors: { safe: { kind: process, sandbox: bubblewrap } }\n");

        assertThat(fleet.executors().get("safe")).isInstanceOfSatisfying(ExecutorEntry.ProcessExecutor.class,
                safe -> assertThat(Objects.requireNonNull(safe.config().sandbox()).hidden())
                        .contains(folder.path().resolve("key.txt")));
    }

    @Test
    void aRunnersNameStaysWhenOthersComeAndGo() {
        FleetFile before = folder.load(Folder.LEAST);
        FleetFile after = folder.load(Folder.LEAST.replace("[ token-one ]", "[ token-zero, token-one ]"));

        assertThat(after.pools().get(0).credentials()).hasSize(2).contains(before.pools().get(0).credentials().get(0));
    }

    @Test
    void aVariableOfCredentialsMayBelongToTheSupervisor() {
        FleetFile fleet = folder.load(Folder.LEAST.replace("values: [ token-one ]", "env: COX_TOKENS"),
                Map.of("COX_TOKENS", "tok-a"));

        assertThat(fleet.pools().get(0).credentials()).hasSize(1);
    }

    @Test
    void aPodsPlacementIsTakenAsItIsWritten() {
        FleetFile fleet = folder.load(Folder.LEAST + """
                executors:
                  pods:
                    kind: kubernetes
                    namespace: jobs
                    image: alpine
                    nodeSelector: { example.org/pool: jobs, gpu: true }
                    tolerations:
                      - { key: jobs, value: only, effect: NoExecute, seconds: 30 }
                      - { operator: Exists }
                """);

        assertThat(fleet.executors().get("pods"))
                .isInstanceOfSatisfying(ExecutorEntry.KubernetesExecutor.class, pods -> {
                    assertThat(pods.config().placement().nodeSelector())
                            .containsExactly(Map.entry("example.org/pool", "jobs"), Map.entry("gpu", "true"));
                    assertThat(pods.config().placement().tolerations()).containsExactly(
                            new PodPlacement.Toleration("jobs", "Equal", "only", "NoExecute", 30L),
                            new PodPlacement.Toleration(null, "Exists", null, null, null));
                });
    }
}
