package dev.coxswain.supervisor.simulator.oore;

import java.util.SplittableRandom;

import dev.coxswain.supervisor.simulator.SignAnswer;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * What an operator of the daemon can change, and in which of its known forms it answers: always as the daemon does, or,
 * where open forms rotate, now and then as its first document says (contract oore-ci 2) and with the other kind of
 * upload URL. Guarded by the monitor of {@link Builds}.
 */
final class Levers {
    /** The version that the daemon speaks today. */
    static final int PROTOCOL_VERSION = 4;

    private final boolean rotating;
    private final SplittableRandom random;
    long protocolVersion = PROTOCOL_VERSION;
    boolean paused;
    boolean storage = true;
    private long maintenanceUntilNanos = Long.MIN_VALUE;

    Levers(SimulatorContext context) {
        rotating = context.config().signAnswer() == SignAnswer.ROTATING;
        random = new SplittableRandom(context.config().seed() * 31 + 7);
    }

    /** Whether this answer takes the form that is not the daemon's usual one. */
    boolean otherForm() {
        return rotating && random.nextBoolean();
    }

    void maintenance(long untilNanos) {
        maintenanceUntilNanos = untilNanos;
    }

    boolean inMaintenance(long nowNanos) {
        return nowNanos < maintenanceUntilNanos;
    }
}
