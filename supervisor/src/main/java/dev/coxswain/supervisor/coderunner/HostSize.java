package dev.coxswain.supervisor.coderunner;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * How large the machine is: nobody can be promised more.
 *
 * @param memoryBytes of the machine
 */
public record HostSize(int cores, long memoryBytes) {
    /** This machine, or what a container leaves of it; reads files of the system, so for the start of the process. */
    public static HostSize ofThisMachine() {
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
        return new HostSize(Runtime.getRuntime().availableProcessors(), memory);
    }
}
