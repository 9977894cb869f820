package dev.coxswain.supervisor.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A folder with a configuration and its files, loaded as the user would. */
record Folder(Path path) {
    /** The least that is a configuration. */
    static final String LEAST = """
            controlPlanes:
              shorts: { protocol: xenonflare-studio, url: https://cloud.example.org }
            pools:
              - name: shorts
                controlPlane: shorts
                credentials: { values: [ token-one ] }
                workload: { command: [ render ] }
            """;

    /** Writes a file that only its owner can read. */
    Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String name, byte[] bytes) {
        try {
            Path file = path.resolve(name);
            Files.write(file, bytes);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void open(String name) {
        try {
            Files.setPosixFilePermissions(path.resolve(name), PosixFilePermissions.fromString("rwxr--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FleetFile load(String yaml) {
        return load(yaml, Map.of());
    }

    FleetFile load(String yaml, Map<String, String> environment) {
        write("fleet.yaml", yaml);
        return loader().load(Path.of("fleet.yaml"), environment);
    }

    /** The problems as lines, without this folder's own name; empty when there is none. */
    List<String> problems(String yaml, Map<String, String> environment) {
        try {
            load(yaml, environment);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(problem -> problem.toString().replace(path + "/", "")).toList();
        }
    }

    List<String> problems(String yaml) {
        return problems(yaml, Map.of());
    }

    FleetFileLoader loader() {
        return new FleetFileLoader(path, () -> "build 01.example.org");
    }
}
