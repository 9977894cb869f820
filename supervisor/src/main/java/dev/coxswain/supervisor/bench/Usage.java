package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;

/**
 * What this process has used so far.
 *
 * @param wallNanos on the monotonic clock
 * @param cpuNanos CPU of all threads
 * @param childSeconds CPU of the children that were waited for, and theirs; NaN where there is no {@code /proc}
 */
record Usage(long wallNanos, long cpuNanos, double childSeconds) {
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory
            .getPlatformMXBean(OperatingSystemMXBean.class);
    /** USER_HZ: 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    static Usage now() {
        return new Usage(System.nanoTime(), SYSTEM.getProcessCpuTime(), ofChildren());
    }

    /** {@code seconds}, {@code cpu}, {@code childCpu}: what was used since then. */
    Map<String, Double> since(Usage earlier) {
        Map<String, Double> used = new LinkedHashMap<>();
        used.put("seconds", (wallNanos - earlier.wallNanos) / 1e9);
        used.put("cpu", (cpuNanos - earlier.cpuNanos) / 1e9);
        used.put("childCpu", childSeconds - earlier.childSeconds);
        return used;
    }

    /** Resident memory of a process in bytes; NaN when it can't be read. */
    static double residentBytes(String pid) {
        return kibibytes(pid, "VmRSS:") * 1024;
    }

    /** The most that was resident so far. */
    static double peakResidentBytes() {
        return kibibytes("self", "VmHWM:") * 1024;
    }

    /** From now on the peak is counted anew, where the kernel can do that; elsewhere it stays the most so far. */
    static void forgetPeak() throws IOException {
        Path reset = Path.of("/proc/self/clear_refs");
        if (Files.isWritable(reset)) {
            Files.writeString(reset, "5");
        }
    }

    private static double kibibytes(String pid, String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
                if (line.startsWith(key)) {
                    return Double.parseDouble(line.replaceAll("\\D", ""));
                }
            }
            return Double.NaN;
        } catch (IOException e) {
            // another system, or the process is gone: not measured
            return Double.NaN;
        }
    }

    private static double ofChildren() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // behind the name in brackets, which may hold blanks; cutime and cstime are fields 16 and 17
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
