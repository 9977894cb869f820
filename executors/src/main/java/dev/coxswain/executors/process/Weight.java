package dev.coxswain.executors.process;

/** A share of the CPU where it can't be held to: as its weight against others, which is the niceness of processes. */
final class Weight {
    /** Each step of niceness takes a fifth of the weight: ten of them are a tenth. */
    private static final double NICE_STEP = 1.25;
    private static final int NICEST = 15;

    private Weight() {}

    /** A core's weight is 0, and so is no limit's; a quarter of one is 6. */
    static int niceness(long cpuMillis) {
        return cpuMillis <= 0 || cpuMillis >= 1000
                ? 0
                : (int) Math.min(NICEST, Math.round(Math.log(1000.0 / cpuMillis) / Math.log(NICE_STEP)));
    }
}
