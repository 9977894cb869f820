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
        return kibibytes(pid, "status", "VmRSS:") * 1024;
    }

    /** Its share of the memory that it has in common with others, and its own, in bytes; NaN when it can't be read. */
    static double proportionalBytes(long pid) {
        return kibibytes(Long.toString(pid), "smaps_rollup", "Pss:") * 1024;
    }

    /** CPU seconds of a process so far, without its children; NaN when it can't be read. */
    static double cpuSeconds(long pid) {
        String[] fields = stat(Long.toString(pid));
        // utime and stime are fields 14 and 15
        return fields.length == 0
                ? Double.NaN
                : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** The most that was resident so far. */
    static double peakResidentBytes() {
        return kibibytes("self", "status", "VmHWM:") * 1024;
    }

    /** From now on the peak is counted anew, where the kernel can do that; elsewhere it stays the most so far. */
    static void forgetPeak() throws IOException {
        Path reset = Path.of("/proc/self/clear_refs");
        if (Files.isWritable(reset)) {
            Files.writeString(reset, "5");
        }
    }

    private static double kibibytes(String pid, String file, String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", pid, file))) {
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
        String[] fields = stat("self");
        // cutime and cstime are fields 16 and 17
        return fields.length == 0
                ? Double.NaN
                : (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
    }

    /** The fields from the third on; none when they can't be read. */
    private static String[] stat(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            // behind the name in brackets, which may hold blanks
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException e) {
            // another system, or the process is gone: not measured
            return new String[0];
        }
    }
}
