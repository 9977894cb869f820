package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Limits;

/**
 * Control groups (version 2) of one work folder: {@code <own group>/coxswain-<digest of the work folder>/<leaf>}, a leaf
 * for each command. The digest, not our pid, names the group, so that the next life knows what is its own.
 */
final class Cgroups {
    private static final Logger log = LoggerFactory.getLogger(Cgroups.class);
    static final List<Path> MOUNTS = List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"));

    private final Path base;
    private final Set<Limits.Kind> held;
    private volatile boolean usable = true;

    private Cgroups(Path base, Set<Limits.Kind> held) {
        this.base = base;
        this.held = held;
    }

    /** The groups of this work folder, or null where there are none or we may not make any (said once, at info). */
    static @Nullable Cgroups of(Path workDir) {
        for (Path mount : MOUNTS) {
            if (Files.isReadable(mount.resolve("cgroup.controllers"))) {
                try {
                    Path own = mount.resolve(ownGroup()).normalize();
                    if (!own.startsWith(mount)) {
                        throw new IOException("our own group lies outside of this container");
                    }
                    return below(Delegation.take(own, ProcessHandle.current().pid(), Delegation.Control.KERNEL),
                            nameFor(workDir));
                } catch (IOException e) {
                    log.info("no control groups for commands, sessions alone hold them together: {}", e.toString());
                    return null;
                }
            }
        }
        log.info("no control groups for commands, sessions alone hold them together: none of version 2 is mounted");
        return null;
    }

    /** Groups below what is delegated to us. */
    static Cgroups below(Delegation delegation, String name) throws IOException {
        Path base = Files.createDirectories(delegation.home().resolve(name));
        if (!Files.isWritable(base.resolve("cgroup.kill"))) {
            Files.deleteIfExists(base);
            throw new IOException("no cgroup.kill (needs Linux 5.14)");
        }
        Set<Limits.Kind> held = delegation.held();
        String why = delegation.why();
        if (!held.isEmpty()) {
            try {
                Delegation.enable(base, held, Delegation.Control.KERNEL);
            } catch (IOException e) {
                held = Set.of();
                why = e.toString();
            }
        }
        if (!why.isEmpty()) {
            log.info("control groups hold commands together, but not to all limits: {}", why);
        }
        return new Cgroups(base, held);
    }

    /** The limits that a group can be held to. */
    Set<Limits.Kind> held() {
        return usable ? held : Set.of();
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
    CgroupLeaf create(String name) {
        if (!usable) {
            return null;
        }
        try {
            return new CgroupLeaf(make(base.resolve(name)));
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
    List<CgroupLeaf> leaves() {
        return CgroupLeaf.children(base).stream().map(CgroupLeaf::new).toList();
    }

    /** Removes the group of the work folder if no leaf is left. */
    void removeIfEmpty() {
        try {
            Files.deleteIfExists(base);
        } catch (IOException e) {
            log.debug("{} stays: {}", base, e.toString());
        }
    }
}
