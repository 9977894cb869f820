package dev.coxswain.executors.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real repository, made with the git of this host. */
public final class GitRepository {
    private static final Map<String, String> ENVIRONMENT = Map.of("GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_CONFIG_NOSYSTEM", "1", "GIT_AUTHOR_NAME", "a", "GIT_AUTHOR_EMAIL", "a@x.invalid",
            "GIT_COMMITTER_NAME", "c", "GIT_COMMITTER_EMAIL", "c@x.invalid", "LC_ALL", "C");

    /** Where it lies. */
    public final Path folder;

    private GitRepository(Path folder) {
        this.folder = folder;
    }

    /** Made in an empty folder; skips the test where there is no git. */
    public static GitRepository at(Path folder) {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(":")).anyMatch(
                each -> Files.isExecutable(Path.of(each, "git"))), "git is not installed");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        GitRepository repository = new GitRepository(folder);
        repository.git("init", "--quiet", "--initial-branch=main");
        return repository;
    }

    /** Its path. */
    public String url() {
        return folder.toString();
    }

    /** Writes a file. */
    public GitRepository file(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a symbolic link. */
    public GitRepository link(String path, String target) {
        try {
            Files.createSymbolicLink(folder.resolve(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The id of a commit of all there is. */
    public String commit() {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "--message=another one");
        return git("rev-parse", "HEAD");
    }

    /** Runs git in it. */
    public String git(String... arguments) {
        return git(folder, arguments);
    }

    static String git(Path folder, String... arguments) {
        List<String> argv = new ArrayList<>(List.of("git"));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(ENVIRONMENT);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor()).as(String.join(" ", argv) + ": " + said).isZero();
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
