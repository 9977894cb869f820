package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Control groups as plain folders, with the kernel's rules for what is written into them as far as we meet them. */
final class StandInGroups implements Delegation.Control {
    final Path mount;

    StandInGroups(Path mount) {
        this.mount = mount;
    }

    /** A group with these controllers, nothing handed down, and these processes in it. */
    Path group(String name, String controllers, String processes) throws IOException {
        Path group = Files.createDirectories(mount.resolve(name));
        Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "\n");
        Files.writeString(group.resolve("cgroup.procs"), processes);
        return group;
    }

    /** The folder that the groups of commands will be below, which here does not get its files by being made. */
    Path base(Path home, String name) throws IOException {
        Path base = Files.createDirectories(home.resolve(name));
        Files.writeString(base.resolve("cgroup.kill"), "");
        return base;
    }

    @Override
    public void write(Path file, String value) throws IOException {
        Path group = Objects.requireNonNull(file.getParent());
        switch (String.valueOf(file.getFileName())) {
            case "cgroup.subtree_control" -> {
                if (!read(group.resolve("cgroup.procs")).isBlank()) {
                    throw new IOException(file + ": Device or resource busy");
                }
                Files.writeString(file, value.replace("+", "") + "\n");
            }
            case "cgroup.procs" -> {
                try (var groups = Files.walk(mount)) {
                    for (Path procs : groups.filter(each -> each.endsWith("cgroup.procs")).toList()) {
                        List<String> left = new ArrayList<>(Arrays.asList(read(procs).split("\n", -1)));
                        left.remove(value);
                        Files.writeString(procs, String.join("\n", left));
                    }
                }
                Files.writeString(file, value + "\n");
            }
            default -> throw new IOException("nobody writes to " + file);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
