package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this host that serve as references. */
final class Programs {
    private Programs() {}

    /** The first of these that is on the path. */
    static Optional<Path> find(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(":")).map(folder -> Path.of(folder).resolve(name)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst();
    }

    /** One of our resources as a file in this folder. */
    static Path unpack(String resource, Path folder) {
        Path file = folder.resolve(resource);
        try (var in = Objects.requireNonNull(Programs.class.getResourceAsStream(resource), resource)) {
            Files.copy(in, file);
            return file;
        } catch (IOException e) {
            throw new BenchException(file + " can't be written: " + e.getMessage(), e);
        }
    }

    /** Runs a program to its end; emits what it printed. Its messages go to ours. */
    static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new BenchException(command.getFirst() + " ended with exit code " + code, null);
            }
            return printed;
        } catch (IOException e) {
            throw new BenchException(command.getFirst() + " can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /** Runs a program to its end and says what it and its children took, as a contender does. */
    static Figures measured(List<String> command, double count) {
        Usage before = Usage.now();
        output(command);
        Map<String, Double> used = new HashMap<>(Usage.now().since(before));
        used.put("cpu", used.getOrDefault("childCpu", Double.NaN));
        used.put("count", count);
        return new Figures(used);
    }
}
