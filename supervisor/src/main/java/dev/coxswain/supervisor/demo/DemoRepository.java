package dev.coxswain.supervisor.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.coxswain.supervisor.simulator.LocalRepository;

/** A git repository made of an example: what the builds of the demo check out. Blocks. */
final class DemoRepository {
    private static final int PATIENCE_SECONDS = 30;
    private static final Map<String, String> WHO = Map.of("GIT_AUTHOR_NAME", "Demo", "GIT_AUTHOR_EMAIL",
            "demo@coxswain.invalid", "GIT_COMMITTER_NAME", "Demo", "GIT_COMMITTER_EMAIL", "demo@coxswain.invalid",
            "GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1");

    private final Path folder;

    private DemoRepository(Path folder) {
        this.folder = folder;
    }

    /** Copies the example there and commits it; empty when this host has no git. */
    static Optional<LocalRepository> make(Path example, Path folder) {
        DemoRepository repository = new DemoRepository(folder);
        if (!repository.hasGit()) {
            return Optional.empty();
        }
        try {
            copy(example, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's repository can't be made", e);
        }
        repository.git("init", "--quiet", "--initial-branch=main");
        repository.git("add", "--all");
        repository.git("commit", "--quiet", "--message=Chart the harbour");
        return Optional.of(new LocalRepository(folder.toString(), "main", repository.git("rev-parse", "HEAD")));
    }

    private static void copy(Path example, Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(example)) {
            for (Path each : all.toList()) {
                Path target = folder.resolve(example.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    private boolean hasGit() {
        try {
            return new ProcessBuilder("git", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            // there is no such program
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(WHO);
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("git " + arguments[0] + " failed for the demo: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("git can't be started for the demo", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the demo was interrupted", e);
    }
}
