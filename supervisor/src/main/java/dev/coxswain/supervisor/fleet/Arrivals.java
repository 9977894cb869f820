package dev.coxswain.supervisor.fleet;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlane;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Listens to the control planes that tell when jobs come, so that these are leased at once and not at the next poll. */
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final Supplier<FleetPlan> plan;
    private final BiConsumer<String, Integer> arrived;
    private final IdentityHashMap<ControlPlane, Disposable> listening = new IdentityHashMap<>();
    private boolean disposed;

    /** @param arrived is told the name of the control plane, and how many jobs have come */
    Arrivals(Supplier<FleetPlan> plan, BiConsumer<String, Integer> arrived) {
        this.plan = plan;
        this.arrived = arrived;
    }

    /** Looks at the plan, which may be another one now. Safe to repeat. */
    synchronized void look() {
        if (disposed) {
            return;
        }
        Set<ControlPlane> planes = Collections.newSetFromMap(new IdentityHashMap<>());
        plan.get().pools().forEach(pool -> planes.add(pool.services().controlPlane()));
        listening.entrySet().removeIf(each -> {
            boolean gone = !planes.contains(each.getKey());
            if (gone) {
                each.getValue().dispose();
            }
            return gone;
        });
        planes.forEach(plane -> listening.computeIfAbsent(plane, this::listen));
    }

    private Disposable listen(ControlPlane plane) {
        Disposable.Swap mine = Disposables.swap();
        mine.update(plane.arrivals().subscribe(jobs -> arrived.accept(plane.name(), jobs),
                failure -> LOG.error("arrivals are not heard of any more, jobs are found by polls: controlPlane={}",
                        plane.name(), failure)));
        return mine;
    }

    synchronized void dispose() {
        disposed = true;
        listening.values().forEach(Disposable::dispose);
        listening.clear();
    }
}
