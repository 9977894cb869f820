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
 * A whole {@code cox} in a process of its own. It is started by the launcher, whose choice of JVM options is measured with
 * it; where there is none, by a JVM with the options of ours.
 */
final class CoxProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path log;

    private CoxProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one that ends with the scope.
     *
     * @param folder its working folder; its output is a file there
     * @param environment besides ours
     * @param notInherited names of ours that it must not see begin with one of these
     */
    static CoxProcess start(Scope scope, Path folder, Map<String, String> environment, List<String> notInherited,
            String... arguments) {
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of(arguments));
        Path log = folder.resolve("cox.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> notInherited.stream().anyMatch(name::startsWith));
        builder.environment().put("COX_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        try {
            CoxProcess started = new CoxProcess(builder.start(), log);
            scope.owns(started);
            return started;
        } catch (IOException e) {
            throw new BenchException("cox can't be started: " + e.getMessage(), e);
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

    boolean isAlive() {
        return process.isAlive();
    }

    /** The JVM's: the launcher becomes it. */
    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** All that it wrote. */
    String said() {
        try {
            return Files.readString(log).strip();
        } catch (IOException e) {
            return log + " can't be read: " + e.getMessage();
        }
    }

    /** Ends it, by a drain if that comes to its end in time. Safe to repeat. */
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
    }
}
