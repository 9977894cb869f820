package dev.coxswain.supervisor.logs;

/**
 * {@code supervisor.logs:} of the configuration.
 *
 * @param spillPerJobBytes disk for one job's log; beyond it the oldest bytes go; default 64 MiB
 * @param maxPerJobBytes a job that writes more than this is failed; default 4 GiB
 */
public record LogsConfig(long spillPerJobBytes, long maxPerJobBytes) {
    /** What holds when nothing is said. */
    public static final LogsConfig DEFAULT = new LogsConfig(64L << 20, 4L << 30);
}
