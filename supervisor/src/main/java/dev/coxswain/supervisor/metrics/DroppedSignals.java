package dev.coxswain.supervisor.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.micrometer.core.instrument.Counter;
import reactor.core.publisher.Hooks;

/**
 * Counts and logs what Reactor drops because its stream had ended. Reactor's hooks can only be added to, or reset for
 * everybody; so a closed one stays hooked in and does nothing.
 */
final class DroppedSignals implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DroppedSignals.class);

    private final Counter counter;
    private volatile boolean closed;

    private DroppedSignals(Counter counter) {
        this.counter = counter;
    }

    static DroppedSignals count(Counter counter) {
        DroppedSignals hook = new DroppedSignals(counter);
        Hooks.onErrorDropped(hook::error);
        Hooks.onNextDropped(hook::value);
        return hook;
    }

    private void error(Throwable error) {
        if (!closed) {
            counter.increment();
            log.warn("an error came after its stream had ended", error);
        }
    }

    /** The value itself is not printed: nobody knows what it holds. */
    private void value(Object value) {
        if (!closed) {
            counter.increment();
            log.debug("a {} came after its stream had ended", value.getClass().getName());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
