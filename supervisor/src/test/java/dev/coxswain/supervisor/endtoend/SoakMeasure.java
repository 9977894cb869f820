package dev.coxswain.supervisor.endtoend;

/**
 * What must not grow while a supervisor works on, and by how much its median may differ between the beginning and the end
 * of a soak: a share of what it was, and an amount below which it is noise.
 */
enum SoakMeasure {
    /** After a full collection. It holds the last 1,000 jobs and 200 logs, which a short soak does not fill. */
    HEAP_MIB("heap MiB", 0.10, 6),
    /** What the JVM and Netty took from the system outside of the heap, however they asked for it. */
    DIRECT_MIB("direct MiB", 0.10, 8),
    /** The JDK has one for each running process. */
    THREADS("threads", 0.10, 12), FILES("open files", 0.10, 32),
    /** Of the supervisor's process; the JVM gives memory back late. */
    RSS_MIB("RSS MiB", 0.15, 32),
    /** Journal and what else is kept, without the logs, which have a bound of their own. */
    STATE_MIB("state MiB", 0.10, 4), PROCESSES("processes", 0.25, 16), FOLDERS("folders", 0.25, 16);

    private final String title;
    private final double share;
    private final double noise;

    SoakMeasure(String title, double share, double noise) {
        this.title = title;
        this.share = share;
        this.noise = noise;
    }

    /** The head of its column. */
    String title() {
        return title;
    }

    /** The highest median at the end that still counts as flat. */
    double limit(double atFirst) {
        return atFirst * (1 + share) + noise;
    }
}
