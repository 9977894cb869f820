package dev.coxswain.executors.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One look at all processes of this host, for whoever asks about several commands: the table is read once, when it is needed, and
 * so is whose workspace a process carries in its environment. Not for several threads. Blocks.
 */
final class ProcessLook {
    private static final String NONE = "";

    private @Nullable List<ProcTable.Stat> all;
    private final Map<Integer, String> workspaces = new HashMap<>();

    /** All there were, the dead ones that nobody has buried included. */
    List<ProcTable.Stat> all() {
        List<ProcTable.Stat> read = all;
        if (read == null) {
            read = ProcTable.all();
            all = read;
        }
        return read;
    }

    /** Whether a process carries the markers of this command. */
    boolean carries(int pid, String workspace, String command) {
        String carried = workspaces.computeIfAbsent(pid,
                first -> Objects.requireNonNullElse(ProcTable.variable(pid, ProcessTree.WORKSPACE_MARKER), NONE));
        return carried.equals(workspace) && command.equals(ProcTable.variable(pid, ProcessTree.COMMAND_MARKER));
    }
}
