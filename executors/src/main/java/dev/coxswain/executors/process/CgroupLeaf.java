package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Limits;

/**
 * The group of one command and of everything it starts.
 *
 * @param path its folder
 */
record CgroupLeaf(Path path) {
    private static final Logger log = LoggerFactory.getLogger(CgroupLeaf.class);
    /** The share of the CPU is counted in periods of this length, the system's own default. */
    private static final int CPU_PERIOD_MICROS = 100_000;
    /** The system refuses less. */
    private static final int LEAST_CPU_MICROS = 1000;
    /** Its name and its own "." */
    private static final int LINKS_OF_LOWEST = 2;

    /** The leaf that a record of a former life names, or null when it is gone or no group of {@code workDir}. */
    static @Nullable CgroupLeaf recorded(String path, Path workDir) {
        Path leaf = Path.of(path).normalize();
        Path parent = leaf.getParent();
        boolean ours = parent != null && parent.endsWith(Cgroups.nameFor(workDir))
                && Cgroups.MOUNTS.stream().anyMatch(leaf::startsWith);
        return ours && Files.isDirectory(leaf) ? new CgroupLeaf(leaf) : null;
    }

    /** The file that a process writes its id to in order to join. */
    Path procs() {
        return path.resolve("cgroup.procs");
    }

    /** Whether a live process is in it or in a group below. */
    boolean populated() {
        try {
            return ProcTable.read(path + "/cgroup.events").contains("populated 1");
        } catch (IOException e) {
            return false;
        }
    }

    /** All processes in it and in the groups below. */
    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        if (!populated()) {
            return pids;
        }
        try {
            Files.readAllLines(procs()).forEach(line -> pids.add(Integer.parseInt(line)));
        } catch (IOException e) {
            log.debug("{} is gone: {}", path, e.toString());
        }
        children(path).forEach(child -> pids.addAll(new CgroupLeaf(child).pids()));
        return pids;
    }

    /** Whether the system killed something in it because all of it held more than it may. */
    boolean outOfMemory() {
        try {
            return ProcTable.read(path + "/memory.events").lines()
                    .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
        } catch (IOException e) {
            // without the controller there is no such file
            return false;
        }
    }

    /** Kills all of them in one step: nothing can fork its way out. */
    void kill() {
        try {
            Files.writeString(path.resolve("cgroup.kill"), "1");
        } catch (IOException e) {
            log.debug("{} is gone: {}", path, e.toString());
        }
    }

    /** Removes it; only an empty one can be. */
    void remove() {
        if (path.toFile().delete()) {
            return;
        }
        children(path).forEach(child -> new CgroupLeaf(child).remove());
        try {
            Files.delete(path);
        } catch (NoSuchFileException e) {
            log.trace("{} is gone already", path);
        } catch (IOException e) {
            log.warn("the control group {} can't be removed: {}", path, e.toString());
        }
    }

    /** Holds it, which is still empty, to these limits where that is possible; returns the kinds that it is held to. */
    Set<Limits.Kind> hold(Set<Limits.Kind> possible, Limits limits) {
        Set<Limits.Kind> done = EnumSet.noneOf(Limits.Kind.class);
        for (Limits.Kind kind : limits.kinds()) {
            if (possible.contains(kind)) {
                try {
                    hold(kind, limits);
                    done.add(kind);
                } catch (IOException e) {
                    log.warn("a command can't be held to its limit of {}: {}", kind, e.toString());
                }
            }
        }
        return done;
    }

    private void hold(Limits.Kind kind, Limits limits) throws IOException {
        switch (kind) {
            case CPU -> write("cpu.max", Math.max(LEAST_CPU_MICROS,
                    limits.cpuMillis() * (CPU_PERIOD_MICROS / 1000)) + " " + CPU_PERIOD_MICROS);
            case MEMORY -> {
                write("memory.max", Long.toString(limits.memoryBytes()));
                // all of a command or nothing: half a build that goes on is worse than one that ends
                write("memory.oom.group", "1");
                if (Files.exists(path.resolve("memory.swap.max"))) {
                    write("memory.swap.max", "0");
                }
            }
            case PIDS -> write("pids.max", Long.toString(limits.pids()));
        }
    }

    private void write(String file, String value) throws IOException {
        Files.writeString(path.resolve(file), value);
    }

    static List<Path> children(Path group) {
        List<Path> found = new ArrayList<>();
        if (isLowest(group)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group,
                entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(found::add);
        } catch (IOException e) {
            log.debug("{} is gone: {}", group, e.toString());
        }
        return found;
    }

    /** Each group below adds a link to its parent. One look instead of one at each of its twenty files: warm functions ask often. */
    private static boolean isLowest(Path group) {
        try {
            return Integer.valueOf(LINKS_OF_LOWEST).equals(Files.getAttribute(group, "unix:nlink"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            log.trace("{} tells no links: {}", group, e.toString());
            return false;
        }
    }
}
