package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * What a protocol gets from the simulator.
 *
 * @param config the simulator's configuration
 * @param ledger where everything is entered
 * @param store the object store
 * @param tokens makes the runners' tokens
 * @param skew how far every date that is sent is off
 */
public record SimulatorContext(SimulatorConfig config, Ledger ledger, ObjectStore store, Tokens tokens, Duration skew) {
    /** The control plane's wall clock, skew included: the one of the Date header. */
    public Instant now() {
        return config.clock().now().plus(skew);
    }

    /** A moment of the monotonic clock on the control plane's wall clock. */
    public Instant wall(long nanos) {
        return now().plusNanos(nanos - config.clock().nanos());
    }
}
