package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.files.WorkspaceFiles;

/**
 * Everything one command started: its session, its control group, and whatever carries its marker in the environment (so a
 * daemon that made a session of its own belongs to it as well). All methods read {@code /proc} and block for it.
 */
final class ProcessTree {
    /** The variable that names a command's workspace, in the environment of all its processes. */
    static final String WORKSPACE_MARKER = "COX_WORKSPACE";
    /** The variable that tells the commands of one workspace apart. */
    static final String COMMAND_MARKER = "COX_COMMAND";

    private static final int SELF = (int) ProcessHandle.current().pid();

    private final Child main;
    private final int pid;
    private final long start;
    private final String workspace;
    private final String command;
    private final @Nullable CgroupLeaf leaf;
    private final Path unjoined;
    private final boolean shutIn;
    private final Set<Integer> killed = new HashSet<>();
    private volatile boolean outOfMemory;

    /**
     * @param start field 22 of {@code /proc/<pid>/stat}; 0 when the process was gone before it could be read
     * @param leaf its control group; null when it is in none
     * @param unjoined a file that exists when it could not join that group
     * @param shutIn whether the main process is a sandbox's, which ends when the command in it does
     */
    ProcessTree(Child main, long start, String workspace, String command, @Nullable CgroupLeaf leaf,
            Path unjoined, boolean shutIn) {
        this.main = main;
        this.pid = main.pid();
        this.start = start;
        this.workspace = workspace;
        this.command = command;
        this.leaf = leaf;
        this.unjoined = unjoined;
        this.shutIn = shutIn;
    }

    /** TERM to every process, once; CONT after it, because one that is stopped could not hear it. */
    void terminate() {
        if (!ProcTable.PRESENT) {
            everything().forEach(ProcessHandle::destroy);
            return;
        }
        for (int member : members()) {
            // the sandbox would end at once, and all in it with it; the first process in it hears nothing by itself
            if (!shutIn || member != pid) {
                Signals.send(member, Signals.TERM);
                Signals.send(member, Signals.CONT);
            }
        }
    }

    /** KILL to every process; returns how many were found. Repeat until 0: some may have been in the middle of a fork. */
    int kill() {
        if (!ProcTable.PRESENT) {
            return (int) everything().stream().filter(ProcessHandle::isAlive).filter(ProcessHandle::destroyForcibly)
                    .count();
        }
        Set<Integer> members = members();
        if (leaf != null && (main.alive() || !members.isEmpty())) {
            leaf.kill();
        }
        main.kill();
        members.forEach(member -> Signals.send(member, Signals.KILL));
        synchronized (killed) {
            killed.addAll(members);
        }
        return members.size();
    }

    /** Where there is no table of processes: what the JDK knows of. */
    private List<ProcessHandle> everything() {
        List<ProcessHandle> all = new ArrayList<>();
        ProcessHandle.of(pid).filter(handle -> main.alive()).ifPresent(handle -> {
            handle.descendants().forEach(all::add);
            all.add(handle);
        });
        return all;
    }

    /** Gives back what the dead hold: their places in our process table (where we are process 1), the control group. */
    void bury() {
        synchronized (killed) {
            for (int member : killed) {
                ProcTable.Stat stat = member == pid ? null : ProcTable.stat(member);
                if (stat != null && !stat.alive() && stat.parent() == SELF) {
                    Signals.bury(member);
                }
            }
            killed.clear();
        }
        if (leaf != null) {
            outOfMemory = leaf.outOfMemory();
            leaf.remove();
        }
    }

    /** Whether the system killed something of it for the memory that all of it held; known when it is buried. */
    boolean outOfMemory() {
        return outOfMemory;
    }

    /** What is alive of it, and the memory that it holds; a sandbox is nothing of it. */
    Workspace.Usage usage(ProcessLook host) {
        Set<Integer> members = members(host);
        if (shutIn) {
            members.removeIf(this::isSandbox);
        }
        return new Workspace.Usage(members.size(), members.stream().mapToLong(ProcTable::memoryBytes).sum());
    }

    /** The process outside, and the first one inside. */
    private boolean isSandbox(int member) {
        ProcTable.Stat stat = member == pid ? null : ProcTable.stat(member);
        return stat == null || stat.parent() == pid;
    }

    private Set<Integer> members() {
        // nothing gets out of a group without leave of the system, so the whole table need not be read
        return leaf != null && joined() ? new HashSet<>(leaf.pids()) : members(new ProcessLook());
    }

    private Set<Integer> members(ProcessLook host) {
        if (leaf != null && joined()) {
            return new HashSet<>(leaf.pids());
        }
        Set<Integer> members = new HashSet<>();
        List<ProcTable.Stat> all = host.all();
        // the kernel gives no pid away that is still the id of a session; another process under it means ours is gone
        boolean reused = all.stream().anyMatch(stat -> stat.pid() == pid && stat.start() != start);
        for (ProcTable.Stat stat : all) {
            if (stat.pid() == SELF || !stat.alive() || stat.start() < start) {
                continue;
            }
            boolean inSession = !reused && (stat.pid() == pid || stat.session() == pid);
            if (inSession || host.carries(stat.pid(), workspace, command)) {
                members.add(stat.pid());
            }
        }
        return members;
    }

    /** What can't be told counts as no. */
    private boolean joined() {
        try {
            return WorkspaceFiles.absent(unjoined);
        } catch (IOException e) {
            return false;
        }
    }
}
