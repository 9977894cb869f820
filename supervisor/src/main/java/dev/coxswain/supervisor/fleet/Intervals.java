package dev.coxswain.supervisor.fleet;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;

/** {@code poll: {min, max}} of one control plane, shared by all its entries so that a reload changes them at once. */
final class Intervals {
    private long minNanos;
    private long maxNanos;

    Intervals(ControlPlaneConfig config) {
        retune(config);
    }

    void retune(ControlPlaneConfig config) {
        minNanos = config.pollMin().toNanos();
        maxNanos = config.pollMax().toNanos();
    }

    long minNanos() {
        return minNanos;
    }

    long maxNanos() {
        return maxNanos;
    }

    double within(double nanos) {
        return Math.min((double) maxNanos, Math.max((double) minNanos, nanos));
    }
}
