package dev.coxswain.supervisor.simulator.oore;

import java.util.SplittableRandom;
import java.util.UUID;

/** Ids of the daemon's form, version 4 UUIDs, from a seed. */
final class Ids {
    private final SplittableRandom random;

    Ids(long seed) {
        random = new SplittableRandom(seed);
    }

    synchronized String next() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }
}
