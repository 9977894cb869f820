package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionOrder;
import dev.coxswain.supervisor.controlplane.coderunner.Wish;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The executions that have not ended, in memory: who has a place, who waits, who is with a runner. For any thread. */
final class LiveExecutions {
    private final FleetClock clock;
    private final Sinks.Many<Integer> arrivals = Sinks.many().multicast().directBestEffort();

    private final Object lock = new Object();
    private final Places places;
    private final Map<UUID, LiveExecution> live = new HashMap<>();

    LiveExecutions(CoderunnerLimits limits, FleetClock clock) {
        this.clock = clock;
        this.places = new Places(limits);
    }

    /** Takes a place for it; refused with a {@link Refusal} when there is none. */
    void reserve(LiveExecution it, boolean mayBeRefused) {
        synchronized (lock) {
            places.reserve(it, mayBeRefused);
        }
    }

    /** Gives its place back, unless it was queued meanwhile. */
    void giveUp(LiveExecution it) {
        synchronized (lock) {
            if (it.state == LiveExecution.State.RESERVED) {
                it.state = LiveExecution.State.GONE;
                places.release(it);
            }
        }
    }

    /** Lets it wait for a runner; it is stored by now. */
    void queue(LiveExecution it) {
        synchronized (lock) {
            if (it.state == LiveExecution.State.GONE) {
                // its caller left just now, or it is of a former life; it is stored, so it runs
                places.reserve(it, false);
            }
            it.state = LiveExecution.State.WAITING;
            live.put(it.id(), it);
            places.queue(it);
        }
        arrivals.emitNext(1, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    Flux<Integer> arrivals() {
        return Flux.defer(() -> {
            int waiting = waiting();
            return waiting == 0 ? arrivals.asFlux() : arrivals.asFlux().startWith(waiting);
        });
    }

    /** How many wait for a runner. */
    int waiting() {
        synchronized (lock) {
            return places.waiting();
        }
    }

    @Nullable
    LiveExecution find(UUID id) {
        synchronized (lock) {
            return live.get(id);
        }
    }

    /** Hands the oldest to this runner; null when none waits. */
    @Nullable
    ExecutionOrder take(String runner) {
        synchronized (lock) {
            LiveExecution next = places.next();
            if (next == null) {
                return null;
            }
            next.state = LiveExecution.State.LEASED;
            next.runner = runner;
            next.beatAtNanos = clock.nanos();
            String document = next.document;
            next.document = "";
            return new ExecutionOrder(next.id(), document);
        }
    }

    Wish beat(UUID id) {
        synchronized (lock) {
            LiveExecution it = live.get(id);
            if (it == null) {
                return new Wish.Over("the execution has ended");
            }
            it.beatAtNanos = clock.nanos();
            ExecutionEnd stop = it.stop;
            return stop == null ? new Wish.GoOn() : new Wish.Stop(stop.reason() + ": " + stop.message());
        }
    }

    /** What was to be said of it when it is stopped; null when nobody has asked for that. */
    @Nullable
    ExecutionEnd wished(UUID id) {
        synchronized (lock) {
            LiveExecution it = live.get(id);
            return it == null ? null : it.stop;
        }
    }

    /**
     * Asks its runner to stop it, or takes it out of the queue, so that it is not handed out while its end is being stored.
     */
    Stopping stop(UUID id, ExecutionEnd end) {
        synchronized (lock) {
            LiveExecution it = live.get(id);
            if (it == null) {
                return Stopping.ENDED_BEFORE;
            }
            if (it.state != LiveExecution.State.LEASED) {
                places.remove(it);
                return Stopping.OUT_OF_THE_QUEUE;
            }
            if (it.stop == null) {
                it.stop = end;
            }
            return Stopping.ASKED;
        }
    }

    /** What came of it. */
    enum Stopping {
        /** nothing: it had ended */
        ENDED_BEFORE,
        /** it waits no more, and must be ended now */
        OUT_OF_THE_QUEUE,
        /** its runner will hear of it */
        ASKED
    }

    boolean isWaiting(UUID id) {
        synchronized (lock) {
            LiveExecution it = live.get(id);
            return it != null && it.state == LiveExecution.State.WAITING;
        }
    }

    /** It has ended, and that is stored; null when it was not here. */
    @Nullable
    LiveExecution remove(UUID id) {
        synchronized (lock) {
            LiveExecution it = live.remove(id);
            if (it != null) {
                if (it.state == LiveExecution.State.WAITING) {
                    places.remove(it);
                }
                it.state = LiveExecution.State.GONE;
                places.release(it);
            }
            return it;
        }
    }

    /** Those whose runner has said nothing for so long. */
    List<UUID> silent(Duration most) {
        long now = clock.nanos();
        synchronized (lock) {
            return live.values().stream().filter(it -> it.state == LiveExecution.State.LEASED
                    && now - it.beatAtNanos > most.toNanos()).map(LiveExecution::id).toList();
        }
    }
}
