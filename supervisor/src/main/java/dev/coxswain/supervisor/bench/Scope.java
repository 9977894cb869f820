package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/** What one bench opens: a temporary folder and child processes. All of it goes at the end, also on Ctrl-C. */
public final class Scope implements AutoCloseable {
    private final Path folder;
    private final PrintWriter progress;
    private final Deque<AutoCloseable> children = new ArrayDeque<>();
    private final Thread hook = new Thread(this::end, "bench-end");

    /**
     * @param parent where the temporary folder is made; its disk is the one that is measured
     * @param progress where lines for people go meanwhile
     */
    Scope(Path parent, PrintWriter progress) {
        this.progress = progress;
        try {
            this.folder = Files.createTempDirectory(parent, "coxswain-bench-").toRealPath();
        } catch (IOException e) {
            throw new BenchException("no temporary folder can be made in " + parent + ": " + e, e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path folder() {
        return folder;
    }

    /** A new empty folder in it. */
    Path newFolder() {
        try {
            return Files.createTempDirectory(folder, "part-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says how far it is. */
    void say(String line) {
        progress.println("bench: " + line);
        progress.flush();
    }

    /** Takes a child in, to be ended with everything. */
    synchronized void owns(AutoCloseable child) {
        children.push(child);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        end();
    }

    private synchronized void end() {
        while (!children.isEmpty()) {
            AutoCloseable child = children.pop();
            try {
                child.close();
            } catch (Exception e) {
                say(child + " did not end: " + e);
            }
        }
        remove(folder);
    }

    /** Removes a folder and all in it. */
    static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder can't be removed: " + folder, e);
        }
    }
}
