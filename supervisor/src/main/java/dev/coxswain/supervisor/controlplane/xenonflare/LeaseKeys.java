package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Locale;
import java.util.function.LongSupplier;

import dev.coxswain.supervisor.controlplane.FleetClock;

/**
 * Makes our names of leases: {@code <control plane>-<project>-<suffix>}, safe as a file name and in a URL. The suffix holds
 * the time and 40 random bits, because the same project may be leased again (contract xenonflare-studio 2).
 */
final class LeaseKeys {
    private static final int MOST_ID = 40;
    private static final long RANDOM_BITS = (1L << 40) - 1;

    private final String controlPlane;
    private final FleetClock clock;
    private final LongSupplier random;

    LeaseKeys(String controlPlane, FleetClock clock, LongSupplier random) {
        this.controlPlane = sanitised(controlPlane);
        this.clock = clock;
        this.random = random;
    }

    String next(String id) {
        String time = Long.toString(clock.now().toEpochMilli(), 36);
        String chance = String.format(Locale.ROOT, "%8s", Long.toString(random.getAsLong() & RANDOM_BITS, 36));
        return controlPlane + "-" + sanitised(id) + "-" + time + chance.replace(' ', '0');
    }

    /** Letters, digits, {@code _} and {@code -}; every run of others becomes one {@code _}. */
    private static String sanitised(String id) {
        StringBuilder safe = new StringBuilder(MOST_ID);
        for (int i = 0; i < id.length() && safe.length() < MOST_ID; i++) {
            char c = id.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            if (plain) {
                safe.append(c);
            } else if (safe.isEmpty() || safe.charAt(safe.length() - 1) != '_') {
                safe.append('_');
            }
        }
        return safe.toString();
    }
}
