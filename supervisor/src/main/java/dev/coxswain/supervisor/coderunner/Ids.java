package dev.coxswain.supervisor.coderunner;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids of executions. They name and do not protect, so they need not be guarded against guessing, and never block. */
final class Ids {
    private Ids() {}

    static UUID next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // the marks of a random UUID: version 4, variant 2
        return new UUID((random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L,
                (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
