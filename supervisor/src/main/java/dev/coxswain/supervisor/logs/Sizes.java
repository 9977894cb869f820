package dev.coxswain.supervisor.logs;

/** Byte sizes as the configuration writes them. */
final class Sizes {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

    private Sizes() {}

    /** In the largest unit that needs no fraction. */
    static String print(long bytes) {
        long size = bytes;
        int unit = 0;
        while (size != 0 && size % 1024 == 0 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return size + " " + UNITS[unit];
    }
}
