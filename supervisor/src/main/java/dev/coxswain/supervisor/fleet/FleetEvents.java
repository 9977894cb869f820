package dev.coxswain.supervisor.fleet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * Tells everybody who listens what happens. Whoever tells never waits for a reader and never fails: each reader has a
 * queue of {@value #QUEUE}, read on the scheduler; what does not fit is counted and told once there is room again.
 */
final class FleetEvents {
    static final int QUEUE = 256;

    private final FleetClock clock;
    private final Scheduler scheduler;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

    FleetEvents(FleetClock clock, Scheduler scheduler) {
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Everything from the moment of subscribing on; never ends. Cancelling is safe and lets the queue go. */
    Flux<FleetEvent> events() {
        return Flux.<FleetEvent>create(sink -> {
            Reader reader = new Reader(sink);
            readers.add(reader);
            sink.onDispose(() -> readers.remove(reader));
            sink.onRequest(n -> reader.roomAgain());
        }, FluxSink.OverflowStrategy.ERROR).publishOn(scheduler, QUEUE);
    }

    /** Tells it; costs nothing when nobody listens. Safe from any thread. */
    void emit(String type, @Nullable String controlPlane, @Nullable String pool, @Nullable String runner,
            @Nullable String job, String message) {
        if (!readers.isEmpty()) {
            FleetEvent event = new FleetEvent(clock.now(), type, controlPlane, pool, runner, job, message);
            readers.forEach(reader -> reader.offer(event));
        }
    }

    /** How many listen. */
    int readers() {
        return readers.size();
    }

    /** One reader; the lock keeps "is there room" and "put it there" together, and is never held for long. */
    private final class Reader {
        private final FluxSink<FleetEvent> sink;
        private long missed;

        Reader(FluxSink<FleetEvent> sink) {
            this.sink = sink;
        }

        synchronized void offer(FleetEvent event) {
            roomAgain();
            if (sink.requestedFromDownstream() > 0) {
                sink.next(event);
            } else {
                missed++;
            }
        }

        synchronized void roomAgain() {
            if (missed > 0 && sink.requestedFromDownstream() > 0) {
                long told = missed;
                missed = 0;
                sink.next(new FleetEvent(clock.now(), "missed", null, null, null, null,
                        told + " events did not fit into the queue of this reader"));
            }
        }
    }
}
