package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.coxswain.supervisor.Main;

/**
 * A whole {@code cox run} for so many Xenonflare workspace tokens, with a simulated control plane that has no job for them.
 * Its JVM gets the options of ours, so that under {@code cox} the launcher's choices are measured.
 */
final class WholeProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    private static final String CONFIG = """
            supervisor: { name: bench, stateDir: ./state, workDir: ./work, admin: { listen: "127.0.0.1:0" }, metrics: { listen: "127.0.0.1:0" } }
            controlPlanes:
              bench: { protocol: %s, url: "http://127.0.0.1:%d/workspace", requestsPerSecond: 1000, poll: { min: 500ms, max: 500ms } }
            pools:
              - { name: bench, controlPlane: bench, credentials: { file: ./tokens }, workload: { kind: responses, baseUrl: "http://127.0.0.1:1/v1", apiKey: none } }
            """;

    private final Child plane;
    private final Process process;
    private final Path log;

    private WholeProcess(Child plane, Process process, Path log) {
        this.plane = plane;
        this.process = process;
        this.log = log;
    }

    static WholeProcess start(Scope scope, int tokens) {
        Path folder = scope.newFolder();
        Path log = folder.resolve("run.log");
        Child plane = Child.start(scope, "control plane", Loopback.FLAGS, "tokens", "tokens", tokens, "file",
                folder.resolve("tokens").toString());
        try {
            Path config = folder.resolve("fleet.yaml");
            Files.writeString(config,
                    String.format(CONFIG, TokensRole.PROTOCOL, (int) plane.ask("port").get("port")));
            List<String> command = new ArrayList<>(Child.java(options()));
            command.addAll(List.of(Main.class.getName(), "run", "--config", config.toString()));
            WholeProcess started = new WholeProcess(plane, new ProcessBuilder(command).directory(folder.toFile())
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
            scope.owns(started);
            return started;
        } catch (IOException e) {
            throw new BenchException("cox run can't be started: " + e.getMessage(), e);
        }
    }

    /** The virtual machine's own options; what agents and tests add to a JVM is left out. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X") && !option.startsWith("-Xshare:dump")).toList();
    }

    /** Its memory, and the requests that it has sent so far. */
    Figures look() {
        if (!process.isAlive()) {
            throw new BenchException("cox run has ended: " + said(), null);
        }
        return new Figures(Map.of("rssMiB", Usage.residentBytes(Long.toString(process.pid())) / (1 << 20), "requests",
                plane.ask("requests").get("requests")));
    }

    private String said() {
        try {
            return Files.readString(log).strip();
        } catch (IOException e) {
            return "and " + log + " can't be read: " + e.getMessage();
        }
    }

    /** Ends both, by a drain if it comes to its end in time. Safe to repeat. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        plane.close();
    }
}
