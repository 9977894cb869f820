package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * Decides the faults of each request from one seeded random, in the order in which the requests arrive: the same seed
 * and the same order of requests give the same faults. Every draw takes the same number of random values.
 */
final class FaultDice {
    /**
     * The fate of one request.
     *
     * @param delay how long it waits before it is looked at
     * @param fault the one fault that decides its fate, if any
     * @param luck a number from 0 up to 1 for the fault's own choices
     */
    record Draw(Duration delay, @Nullable Fault fault, double luck) {
        static final Draw NONE = new Draw(Duration.ZERO, null, 0);

        /** Whether the request is processed although its answer will not arrive whole. */
        boolean spoilsAnswer() {
            return fault == Fault.RESET_AFTER || fault == Fault.TRUNCATED
                    || (fault == Fault.NON_JSON && !gatewayError());
        }

        /** Whether a non-JSON answer comes from a gateway that never passed the request on. */
        boolean gatewayError() {
            return luck < 0.5;
        }
    }

    private static final Duration MIN_RESTART_GAP = Duration.ofSeconds(5);

    private final FaultProfile profile;
    private final SplittableRandom random;
    private final Duration skew;
    private int restartsLeft;
    private long lastRestartNanos = -MIN_RESTART_GAP.toNanos();

    FaultDice(FaultProfile profile, long seed) {
        this.profile = profile;
        random = new SplittableRandom(seed);
        long seconds = random.nextLong(120, 421);
        boolean ahead = random.nextBoolean();
        skew = profile.has(Fault.CLOCK_SKEW) ? Duration.ofSeconds(ahead ? seconds : -seconds) : Duration.ZERO;
        restartsLeft = profile.maxRestarts();
    }

    /** How far every date of this run is off. */
    Duration skew() {
        return skew;
    }

    /** The next request's fate. A tiny section: no waiting, no foreign code. */
    synchronized Draw next(FaultProfile.Scope area, long nowNanos) {
        double late = random.nextDouble();
        long lateMillis = random.nextLong(50, 501);
        double which = random.nextDouble();
        double luck = random.nextDouble();
        if (profile.rules().isEmpty()) {
            return Draw.NONE;
        }
        Duration delay = late < rate(Fault.LATENCY, area) ? Duration.ofMillis(lateMillis) : Duration.ZERO;
        return new Draw(delay, exclusive(area, which, nowNanos), luck);
    }

    private @Nullable Fault exclusive(FaultProfile.Scope area, double which, long nowNanos) {
        double below = 0;
        for (Fault fault : Fault.values()) {
            if (!fault.exclusive()) {
                continue;
            }
            below += rate(fault, area);
            if (which < below) {
                return fault == Fault.RESTART && !mayRestart(nowNanos) ? null : fault;
            }
        }
        return null;
    }

    private boolean mayRestart(long nowNanos) {
        if (restartsLeft == 0 || nowNanos - lastRestartNanos < MIN_RESTART_GAP.toNanos()) {
            return false;
        }
        restartsLeft--;
        lastRestartNanos = nowNanos;
        return true;
    }

    private double rate(Fault fault, FaultProfile.Scope area) {
        FaultProfile.Rule rule = profile.rules().get(fault);
        return rule != null && rule.meets(area) ? rule.rate() : 0;
    }
}
