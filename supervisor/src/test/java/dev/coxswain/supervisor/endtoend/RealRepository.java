package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.coxswain.supervisor.simulator.LocalRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A git repository with a history, a submodule and a tag; what is built is the tagged commit, which is not the newest. */
final class RealRepository {
    private static final int COMMITS = 12;
    private static final Map<String, String> WHO = Map.of("GIT_AUTHOR_NAME", "Tester", "GIT_AUTHOR_EMAIL",
            "tester@coxswain.invalid", "GIT_COMMITTER_NAME", "Tester", "GIT_COMMITTER_EMAIL",
            "tester@coxswain.invalid", "GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1");

    private final Path folder;

    private RealRepository(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes it.
     *
     * @param parent an empty folder
     * @param files what the commit that is built has, besides the submodule {@code library}
     */
    static LocalRepository make(Path parent, Map<String, String> files) {
        RealRepository library = new RealRepository(create(parent.resolve("library")));
        library.git("init", "-q", "-b", "main");
        library.commit("version.txt", "7.1\n");
        RealRepository app = new RealRepository(create(parent.resolve("app")));
        app.git("init", "-q", "-b", "main");
        for (int i = 1; i < COMMITS; i++) {
            app.commit("history.txt", "state " + i + "\n");
        }
        app.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.folder.toString(),
                "library");
        files.forEach(app::write);
        app.commit("history.txt", "the one\n");
        app.git("tag", "v1.2.0");
        String commit = app.git("rev-parse", "HEAD");
        app.commit("history.txt", "what came later\n");
        app.commit(".oore.yaml", "version: 99\n");
        return new LocalRepository(app.folder.toString(), "main", commit);
    }

    private static Path create(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String content) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void commit(String name, String content) {
        write(name, content);
        git("add", "-A");
        git("commit", "-q", "-m", "Change " + name);
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(WHO);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            assumeTrue(false, "there is no git");
            throw new UncheckedIOException(e);
        }
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
