package dev.coxswain.supervisor.pressure;

import java.util.Locale;

/** What a host can run short of. */
public enum Resource {
    /** memory in use, of the host or of the control group that is nearest to its limit */
    MEMORY,
    /** share of the last 10 s in which something waited for memory */
    MEMORY_STALL,
    /** space in use on the fuller file system of the work and the state folder */
    DISK,
    /** inodes in use on the fuller of the two */
    INODES,
    /** share of the last 10 s in which something waited for a core; without PSI, the share of those runnable that wait */
    CPU,
    /** share of the last 10 s in which something waited for a disk */
    IO,
    /** load of the last minute for each core; the only one that may be more than 1 */
    LOAD,
    /** open files of this process */
    OPEN_FILES,
    /** processes and threads, of the host or of the control group that is nearest to its limit */
    PIDS;

    /** As it is written in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
