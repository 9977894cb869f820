package dev.coxswain.supervisor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JVM of its own for one contender or for the server, so that nobody's CPU and memory is counted as another's. */
final class Child implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration SLOWEST_ANSWER = Duration.ofMinutes(10);
    private static final int PATIENCE_SECONDS = 5;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8));
    }

    /**
     * Starts one; every child of a bench gets the same flags, unless it is the flags that are compared.
     *
     * @param settings pairs of name and value
     */
    static Child start(Scope scope, String name, List<String> flags, String role, Object... settings) {
        List<String> command = new ArrayList<>(java(flags));
        command.add(ChildMain.class.getName());
        command.add(json(role, settings));
        try {
            Child child = new Child(name, new ProcessBuilder(command).directory(scope.folder().toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start());
            scope.owns(child);
            child.answer();
            return child;
        } catch (IOException e) {
            throw new BenchException("a JVM for " + name + " can't be started: " + e.getMessage(), e);
        }
    }

    /** The program and the options of a JVM like this one, up to the main class. */
    static List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(flags);
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        return command;
    }

    /** The child runs in another folder than we do. */
    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(java.io.File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(java.io.File.pathSeparator, entries);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Has it do something and waits for what it measured. */
    Figures ask(String what, Object... parameters) {
        orders.println(json(what, parameters));
        orders.flush();
        return answer();
    }

    private Figures answer() {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(this::read);
        try {
            String text = line.get(SLOWEST_ANSWER.toSeconds(), TimeUnit.SECONDS);
            JsonNode json = MAPPER.readTree(text);
            if (json.has("error")) {
                throw new BenchException(name + ": " + json.path("error").asString(), null);
            }
            Map<String, Double> values = new LinkedHashMap<>();
            json.properties().forEach(each -> values.put(each.getKey(), each.getValue().doubleValue()));
            return new Figures(values);
        } catch (TimeoutException e) {
            throw new BenchException(name + " did not answer within " + SLOWEST_ANSWER.toMinutes() + " minutes", e);
        } catch (ExecutionException e) {
            throw new BenchException(name + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private String read() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new BenchException("its process ended, see its messages above", null);
            }
            return line;
        } catch (IOException e) {
            throw new BenchException("it can't be heard: " + e.getMessage(), e);
        }
    }

    private static String json(String what, Object... pairs) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("what", what);
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String) pairs[i], pairs[i + 1]);
        }
        return MAPPER.writeValueAsString(values);
    }

    /** Ends it: by the end of its input, else by force. Safe to repeat. */
    @Override
    public void close() {
        orders.close();
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
