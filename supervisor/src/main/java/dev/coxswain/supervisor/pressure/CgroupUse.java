package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How near this process's control groups are to their limits: the nearest one on the way up counts. Blocking. */
final class CgroupUse {
    private final HostTree tree;
    /** Mounts of control groups; they don't change while we run, and the file may be long. */
    private String mounts = "";

    CgroupUse(HostTree tree) {
        this.tree = tree;
    }

    /**
     * Used share of memory, page cache that can be dropped not counted; 0 without a limit.
     *
     * @param hostBytes a limit above it is none
     */
    double memory(long hostBytes) throws IOException {
        Optional<CgroupFolder> group = folder("memory");
        if (group.isEmpty()) {
            return 0;
        }
        boolean unified = group.get().unified();
        double most = 0;
        for (Path folder : group.get().upwards()) {
            long limit = limit(folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"));
            if (limit <= hostBytes) {
                String current = folder + (unified ? "/memory.current" : "/memory.usage_in_bytes");
                String stat = folder + "/memory.stat";
                long used = ProcTexts.number(tree.text(current), current)
                        - ProcTexts.line(tree.text(stat), unified ? "inactive_file" : "total_inactive_file", stat);
                most = Math.max(most, share(Math.max(0, used), limit));
            }
        }
        return most;
    }

    /** Used share of processes and threads; 0 without a limit. */
    double pids() throws IOException {
        Optional<CgroupFolder> group = folder("pids");
        if (group.isEmpty()) {
            return 0;
        }
        double most = 0;
        for (Path folder : group.get().upwards()) {
            long limit = limit(folder + "/pids.max");
            if (limit < Long.MAX_VALUE) {
                String current = folder + "/pids.current";
                most = Math.max(most, share(ProcTexts.number(tree.text(current), current), limit));
            }
        }
        return most;
    }

    /** Parts of a whole, at most 1. */
    static double share(long used, long limit) {
        return limit <= 0 ? 1 : Math.min(1, (double) used / limit);
    }

    private Optional<CgroupFolder> folder(String controller) throws IOException {
        if (mounts.isEmpty()) {
            StringBuilder found = new StringBuilder();
            tree.textIfThere("/proc/self/mountinfo").orElse("").lines().filter(line -> line.contains(" - cgroup"))
                    .forEach(line -> found.append(line).append('\n'));
            mounts = found.toString();
        }
        // where we are may change: an executor may move us to make room for jobs beside us
        return CgroupFolder.of(controller, mounts, tree.textIfThere("/proc/self/cgroup").orElse(""));
    }

    /** The largest number for none: the topmost group has no such file. */
    private long limit(String file) throws IOException {
        Optional<String> text = tree.textIfThere(file);
        return text.isEmpty() || text.get().strip().equals("max")
                ? Long.MAX_VALUE
                : ProcTexts.number(text.get(), file);
    }
}
