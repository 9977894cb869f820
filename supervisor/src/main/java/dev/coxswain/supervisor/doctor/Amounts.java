package dev.coxswain.supervisor.doctor;

import java.util.Locale;

/** Byte sizes for people. */
final class Amounts {
    private Amounts() {}

    /** In the largest unit that leaves at least 1, with one decimal. */
    static String bytes(long bytes) {
        double amount = bytes;
        for (String unit : new String[]{"B", "KiB", "MiB", "GiB"}) {
            if (amount < 1024) {
                return String.format(Locale.ROOT, "%.1f %s", amount, unit);
            }
            amount /= 1024;
        }
        return String.format(Locale.ROOT, "%.1f TiB", amount);
    }
}
