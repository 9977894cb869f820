package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.coxswain.supervisor.Main;

/**
 * A whole {@code cox run --from-env} for so many Xenonflare workspace tokens, with a simulated control plane that has no job
 * for them. It is started by the launcher, whose choice of JVM options is measured with it; where there is none, by a JVM
 * with the options of ours.
 */
final class WholeProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

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
        Path keys = folder.resolve("tokens");
        Path log = folder.resolve("run.log");
        Child plane = Child.start(scope, "control plane", Loopback.FLAGS, "tokens", "tokens", tokens, "file",
                keys.toString());
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("run", "--from-env"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        // nothing of a real worker's may get into it
        environment.keySet().removeIf(name -> name.startsWith("RUNNER_") || name.startsWith("OPENAI_"));
        environment.putAll(Map.of("COX_JAVA_HOME", System.getProperty("java.home"), "RUNNER_API_BASE",
                "http://127.0.0.1:" + (int) plane.ask("port").get("port") + "/workspace", "OPENAI_BASE_URL",
                "http://127.0.0.1:1/v1", "OPENAI_MODEL", "none", "POLL_MS", "500", "COX_ADMIN_LISTEN", "127.0.0.1:0",
                "COX_METRICS_LISTEN", "127.0.0.1:0"));
        try {
            environment.put("RUNNER_TOKEN", String.join(",", Files.readAllLines(keys)));
            WholeProcess started = new WholeProcess(plane, builder.start(), log);
            scope.owns(started);
            return started;
        } catch (IOException e) {
            throw new BenchException("cox run can't be started: " + e.getMessage(), e);
        }
    }

    /** What is started, for the reader of the figures. */
    static String how() {
        return launcher().map(Path::toString).orElse("java with this JVM's options");
    }

    private static Optional<Path> launcher() {
        return Optional.ofNullable(System.getenv("COX_HOME")).map(home -> Path.of(home).resolve("cox"))
                .filter(Files::isExecutable);
    }

    private static List<String> program() {
        return launcher().map(script -> List.of(script.toString())).orElseGet(() -> {
            // without what agents and tests add to a JVM
            List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> option.startsWith("-X")).toList();
            List<String> java = new ArrayList<>(Child.java(options));
            java.add(Main.class.getName());
            return java;
        });
    }

    /** Waits until it asks for jobs: how long it starts depends on what else the host does. */
    void awaitRequests() {
        if (plane.ask("asked").get("requests") == 0) {
            throw new BenchException("cox run has ended or asks for no job: " + said(), null);
        }
    }

    /** Its memory, and the requests that it has sent so far. */
    Figures look() {
        double requests = plane.ask("requests").get("requests");
        if (!process.isAlive() || requests == 0) {
            throw new BenchException("cox run has ended or asks for no job: " + said(), null);
        }
        return new Figures(Map.of("rssMiB", Usage.residentBytes(Long.toString(process.pid())) / (1 << 20), "requests",
                requests));
    }

    private String said() {
        try {
            return Files.readString(log).strip();
        } catch (IOException e) {
            return log + " can't be read: " + e.getMessage();
        }
    }

    /** Ends both, the process by a drain if that comes to its end in time. Safe to repeat. */
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
