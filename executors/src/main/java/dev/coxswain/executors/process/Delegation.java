package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import dev.coxswain.executors.Limits;

/**
 * What the system has put into our hands: a group below which we may make others, and the controllers that hold those to
 * limits. A group that hands controllers down may hold no process, so we ourselves move into one beside the commands'. Blocks.
 *
 * @param home the group below which ours are
 * @param held limits that groups below {@code home} can be held to
 * @param why what is missing, for people; empty when nothing is
 */
record Delegation(Path home, Set<Limits.Kind> held, String why) {
    /** The group of the supervisor itself, also by the name that systemd's DelegateSubgroup is given in our unit. */
    static final String SUPERVISOR = "supervisor";

    private static final String CONTROLLERS = "cgroup.controllers";
    private static final String HANDED_DOWN = "cgroup.subtree_control";
    private static final String PROCESSES = "cgroup.procs";

    /** How a file of the kernel is written. */
    @FunctionalInterface
    interface Control {
        /** The kernel itself. */
        Control KERNEL = Files::writeString;

        void write(Path file, String value) throws IOException;
    }

    /**
     * Looks what there is, takes it, and moves this process if it must.
     *
     * @param own the group of this process
     * @param pid of this process
     */
    static Delegation take(Path own, long pid, Control control) {
        Path parent = own.getParent();
        // a second executor, or a service manager that has done this already
        boolean moved = own.endsWith(SUPERVISOR) && parent != null && Files.isWritable(parent.resolve(HANDED_DOWN));
        Path home = moved && parent != null ? parent : own;
        Set<Limits.Kind> offered;
        try {
            offered = kinds(home.resolve(CONTROLLERS));
            if (offered.isEmpty()) {
                return new Delegation(home, Set.of(), home + " has no controller for it");
            }
            if (!kinds(home.resolve(HANDED_DOWN)).containsAll(offered)) {
                handDown(home, offered, pid, control);
            }
        } catch (IOException e) {
            return new Delegation(home, Set.of(),
                    "controllers of " + home + " can't be handed down: " + e.getMessage());
        }
        Set<Limits.Kind> missing = EnumSet.complementOf(EnumSet.copyOf(offered));
        return new Delegation(home, Collections.unmodifiableSet(offered),
                missing.isEmpty() ? "" : home + " has no controller for " + names(missing));
    }

    private static void handDown(Path home, Set<Limits.Kind> kinds, long pid, Control control)
            throws IOException {
        try {
            enable(home, kinds, control);
        } catch (IOException busy) {
            List<String> others = Files.readAllLines(home.resolve(PROCESSES)).stream()
                    .filter(process -> !process.equals(Long.toString(pid))).toList();
            if (!others.isEmpty()) {
                throw new IOException(busy.getMessage() + "; other processes are in it (" + others.size()
                        + "), of which a service with Delegate=yes has none", busy);
            }
            Path supervisor = Files.createDirectories(home.resolve(SUPERVISOR));
            control.write(supervisor.resolve(PROCESSES), Long.toString(pid));
            enable(home, kinds, control);
        }
    }

    /** Has the groups below {@code group} held to limits of these kinds. */
    static void enable(Path group, Set<Limits.Kind> kinds, Control control) throws IOException {
        control.write(group.resolve(HANDED_DOWN),
                kinds.stream().map(kind -> "+" + name(kind)).collect(Collectors.joining(" ")));
    }

    private static Set<Limits.Kind> kinds(Path file) throws IOException {
        List<String> words = Arrays.asList(Files.readString(file).strip().split("\\s+", -1));
        Set<Limits.Kind> kinds = EnumSet.noneOf(Limits.Kind.class);
        for (Limits.Kind kind : Limits.Kind.values()) {
            if (words.contains(name(kind))) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static String names(Set<Limits.Kind> kinds) {
        return kinds.stream().map(Delegation::name).collect(Collectors.joining(", "));
    }

    /** The controller's name. */
    private static String name(Limits.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
