package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups (version 2) of one work folder: {@code <own group>/coxswain-<digest of the work folder>/<leaf>}, a leaf
 * for each command. The digest, not our pid, names the group, so that the next life knows what is its own.
 */
final class Cgroups {
    private static final Logger log = LoggerFactory.getLogger(Cgroups.class);
    private static final List<Path> MOUNTS = List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"));

    private final Path base;
    private volatile boolean usable = true;

    private Cgroups(Path base) {
        this.base = base;
    }

    /** The groups of this work folder, or null where there are none or we may not make any (said once, at info). */
    static @Nullable Cgroups of(Path workDir) {
        for (Path mount : MOUNTS) {
            if (Files.isReadable(mount.resolve("cgroup.controllers"))) {
                try {
                    Path base = mount.resolve(ownGroup()).resolve(nameFor(workDir)).normalize();
                    if (!base.startsWith(mount)) {
                        throw new IOException("our own group lies outside of this container");
                    }
                    Files.createDirectories(base);
                    if (!Files.isWritable(base.resolve("cgroup.kill"))) {
                        Files.deleteIfExists(base);
                        throw new IOException("no cgroup.kill (needs Linux 5.14)");
                    }
                    return new Cgroups(base);
                } catch (IOException e) {
                    log.info("no control groups for commands, sessions alone hold them together: {}", e.toString());
                    return null;
                }
            }
        }
        log.info("no control groups for commands, sessions alone hold them together: none of version 2 is mounted");
        return null;
    }

    private static String ownGroup() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            if (line.startsWith("0::/")) {
                return line.substring("0::/".length());
            }
        }
        throw new IOException("/proc/self/cgroup names no group of version 2");
    }

    static String nameFor(Path workDir) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(workDir.toString().getBytes(StandardCharsets.UTF_8));
            return "coxswain-" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An empty leaf, or null when that is refused (said once). */
    @Nullable
    Leaf create(String name) {
        if (!usable) {
            return null;
        }
        try {
            return new Leaf(make(base.resolve(name)));
        } catch (IOException e) {
            refused(e.toString());
            return null;
        }
    }

    private Path make(Path leaf) throws IOException {
        try {
            return Files.createDirectory(leaf);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            // a former life's, which nobody has looked for yet; or all were gone and the base with them
            return Files.createDirectories(leaf);
        }
    }

    /** From now on commands get no group. */
    void refused(String why) {
        if (usable) {
            usable = false;
            log.info("no control groups for commands any more, sessions alone hold them together: {}", why);
        }
    }

    /** All leaves there are, also those of a former life. */
    List<Leaf> leaves() {
        return children(base).stream().map(Leaf::new).toList();
    }

    /** Removes the group of the work folder if no leaf is left. */
    void removeIfEmpty() {
        try {
            Files.deleteIfExists(base);
        } catch (IOException e) {
            log.debug("{} stays: {}", base, e.toString());
        }
    }

    private static List<Path> children(Path group) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group,
                entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(found::add);
        } catch (IOException e) {
            log.debug("{} is gone: {}", group, e.toString());
        }
        return found;
    }

    /**
     * The group of one command and of everything it starts.
     *
     * @param path its folder
     */
    record Leaf(Path path) {
        /** The leaf that a record of a former life names, or null when it is gone or no group of {@code workDir}. */
        static @Nullable Leaf recorded(String path, Path workDir) {
            Path leaf = Path.of(path).normalize();
            Path parent = leaf.getParent();
            boolean ours = parent != null && parent.endsWith(nameFor(workDir))
                    && MOUNTS.stream().anyMatch(leaf::startsWith);
            return ours && Files.isDirectory(leaf) ? new Leaf(leaf) : null;
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
            children(path).forEach(child -> pids.addAll(new Leaf(child).pids()));
            return pids;
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
            children(path).forEach(child -> new Leaf(child).remove());
            try {
                Files.delete(path);
            } catch (NoSuchFileException e) {
                log.trace("{} is gone already", path);
            } catch (IOException e) {
                log.warn("the control group {} can't be removed: {}", path, e.toString());
            }
        }
    }
}
