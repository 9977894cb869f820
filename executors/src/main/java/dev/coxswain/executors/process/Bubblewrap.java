package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/**
 * Shuts a command in with bubblewrap: namespaces of its own for files, processes and users, the network is everybody's. It
 * reads what the host shows, but for what is hidden, and writes to its workspace, {@code /tmp}, {@code /var/tmp} and
 * {@code /dev/shm}, all but the first its own and gone at its end. Blocks.
 *
 * @param program bubblewrap's file
 * @param hidden seen by no command, absolute
 * @param home of the supervisor's user: hidden but for those of its folders that are in {@code path}
 * @param path where programs are found
 */
record Bubblewrap(String program, List<Path> hidden, Path home, String path) {
    /** Also what resolves names where a service does that. */
    private static final List<String> VIEW = List.of("--unshare-user", "--unshare-pid", "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run", "--ro-bind-try", "/run/systemd/resolve",
            "/run/systemd/resolve", "--ro-bind-try", "/run/nscd", "/run/nscd");

    private static final int MOST_SAID = 1000;
    private static final Duration TRIAL = Duration.ofSeconds(10);

    /** Of this host; fails with a {@link WorkspaceException} where there is none, or it may not do its work. */
    static Bubblewrap of(String path, List<Path> hidden, Path home) {
        Bubblewrap found = new Bubblewrap(find(path + ":" + Launch.DEFAULT_PATH), hidden, home, path);
        found.tryOut();
        return found;
    }

    /** So that a host that forbids namespaces is told at the start, and not by every job. */
    private void tryOut() {
        List<String> argv = new ArrayList<>(List.of(program));
        argv.addAll(VIEW);
        argv.addAll(List.of("--", "/bin/sh", "-c", ":"));
        try {
            Process trial = new ProcessBuilder(argv).redirectErrorStream(true).start();
            trial.getOutputStream().close();
            if (!trial.waitFor(TRIAL.toMillis(), TimeUnit.MILLISECONDS)) {
                trial.destroyForcibly();
                throw refused("no answer within " + TRIAL.toSeconds() + " s");
            }
            // what it says of a refusal is a line or two, which its pipe holds
            String said = new String(trial.getInputStream().readNBytes(MOST_SAID), StandardCharsets.UTF_8).strip();
            if (trial.exitValue() != 0) {
                throw refused(said);
            }
        } catch (IOException e) {
            throw new WorkspaceException("sandbox: bubblewrap can't be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkspaceException("interrupted while bubblewrap was tried out", e);
        }
    }

    private static WorkspaceException refused(String why) {
        return new WorkspaceException(
                "sandbox: bubblewrap does not work on this host (" + why + "); `cox doctor` tells more");
    }

    static String find(String path) {
        Path found = Launch.search("bwrap", path, Path.of("/"));
        if (found == null) {
            throw new WorkspaceException(
                    "sandbox: bubblewrap needs the program bwrap, which is not on this host: install bubblewrap");
        }
        return found.toString();
    }

    /**
     * What runs {@code argv} shut in.
     *
     * @param root the workspace
     * @param directory working folder, in the workspace
     * @param reads what is seen of the host although it is hidden
     */
    List<String> around(List<String> argv, Path root, Path directory, List<Path> reads) {
        List<String> around = new ArrayList<>(List.of(program));
        around.addAll(VIEW);
        if (home.getNameCount() > 0) {
            hide(around, home);
            for (Path folder : inHome()) {
                bind(around, "--ro-bind", folder);
            }
        }
        hidden.forEach(each -> hide(around, each));
        hide(around, root.getParent());
        reads.forEach(each -> bind(around, "--ro-bind", each));
        Path named = Path.of(argv.getFirst());
        if (home.getNameCount() > 0 && named.startsWith(home)) {
            // the configuration names it, so it is meant to be run
            bind(around, "--ro-bind", named);
        }
        bind(around, "--bind", root);
        around.addAll(List.of("--chdir", directory.toString(), "--"));
        around.addAll(argv);
        return around;
    }

    /** An empty folder in place of a folder, an empty file in place of a file. What is not there needs no hiding. */
    private static void hide(List<String> around, @Nullable Path hidden) {
        if (hidden != null && Files.isDirectory(hidden)) {
            around.addAll(List.of("--tmpfs", real(hidden)));
        } else if (hidden != null && Files.exists(hidden)) {
            around.addAll(List.of("--ro-bind", "/dev/null", real(hidden)));
        }
    }

    private static void bind(List<String> around, String how, Path shown) {
        around.addAll(List.of(how, shown.toString(), shown.toString()));
    }

    /** A mount goes where a link leads. */
    private static String real(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            return path.toString();
        }
    }

    /** The folders right below the home that hold programs of the PATH. */
    private Set<Path> inHome() {
        Set<Path> needed = new TreeSet<>();
        for (String entry : path.split(":", -1)) {
            Path folder = Path.of(entry).normalize();
            if (folder.startsWith(home) && !folder.equals(home)) {
                Path below = home.resolve(folder.getName(home.getNameCount()));
                if (Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS)) {
                    needed.add(below);
                }
            }
        }
        return needed;
    }
}
