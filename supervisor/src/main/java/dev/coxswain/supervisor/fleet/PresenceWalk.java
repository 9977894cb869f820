package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.runner.Runner;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The walk over the runners of one control plane: who is told of next. A round takes the control plane's interval, however
 * many they are. Guarded by its owner, except for {@link #tell}.
 */
final class PresenceWalk {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceWalk.class);
    /** A control plane that hangs keeps no more than these; those whose turn it was come in the next round. */
    private static final int MOST_IN_FLIGHT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Scheduler timer;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean failing = new AtomicBoolean();
    private List<Runner> runners = List.of();
    private int cursor;
    private double owed = 1;
    private long lookedNanos;

    PresenceWalk(Scheduler timer) {
        this.timer = timer;
    }

    /** Walks over these from now on. */
    void over(List<Runner> changed, long nowNanos) {
        runners = changed;
        cursor = changed.isEmpty() ? 0 : cursor % changed.size();
        lookedNanos = nowNanos;
    }

    List<Runner> runners() {
        return runners;
    }

    /** Whose turn it is, each once at most. */
    List<Runner> due(long nowNanos) {
        if (runners.isEmpty()) {
            return List.of();
        }
        Duration interval = plane(runners.get(cursor)).presenceInterval();
        if (interval == null) {
            return List.of();
        }
        owed = Math.min(runners.size(),
                owed + runners.size() * ((double) (nowNanos - lookedNanos) / interval.toNanos()));
        lookedNanos = nowNanos;
        List<Runner> turn = new ArrayList<>();
        for (int free = MOST_IN_FLIGHT - inFlight.get(); owed >= 1 && free > 0; owed--, free--) {
            turn.add(runners.get(cursor));
            cursor = (cursor + 1) % runners.size();
        }
        return turn;
    }

    /** Tells of one runner; fails with whatever the control plane says, which is logged when it begins to fail. */
    Mono<Void> tell(Runner runner, Presence presence) {
        return Mono.defer(() -> {
            inFlight.incrementAndGet();
            return plane(runner).present(runner.credential(), presence).timeout(PATIENCE, timer)
                    .doFinally(end -> inFlight.decrementAndGet());
        }).doOnSuccess(told -> failing.set(false)).doOnError(failure -> {
            if (failing.compareAndSet(false, true)) {
                LOG.warn("control plane not told that a runner is there, tried again all the time: runner={} {}",
                        runner.name(), failure.getMessage());
            }
        });
    }

    /** The owner's own mistake: nobody is told any more. */
    static void broke(Throwable failure) {
        LOG.error("control planes are no longer told that their runners are there", failure);
    }

    private static ControlPlane plane(Runner runner) {
        return runner.services().controlPlane();
    }
}
