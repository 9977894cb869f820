package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.runner.Runner;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tells the control planes that want to know of it that each runner is there and what it does, idle ones too, also during a
 * drain. One timer for all of them and none for each: a control plane's runners are walked round and round, evenly over its
 * interval ({@link PresenceWalk}). Fleets whose control planes don't ask have no timer.
 */
final class Presences {
    /** How often the timer looks whose turn it is. */
    static final Duration TICK = Duration.ofMillis(250);

    private static final int MOST_IN_FLIGHT = 1_024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Supplier<FleetPlan> plan;
    private final Function<Runner, Presence> now;
    private final Predicate<Runner> mine;
    private final FleetClock clock;
    private final Scheduler timer;
    private final Disposable.Swap ticking = Disposables.swap();
    private final Map<String, PresenceWalk> walks = new LinkedHashMap<>();
    private @Nullable FleetPlan walked;
    private boolean begun;

    /**
     * @param now what a runner does at this moment
     * @param mine of whom it may be told now, since nobody else does
     */
    Presences(Supplier<FleetPlan> plan, Function<Runner, Presence> now, Predicate<Runner> mine, FleetClock clock,
            Scheduler timer) {
        this.plan = plan;
        this.now = now;
        this.mine = mine;
        this.clock = clock;
        this.timer = timer;
    }

    /** Looks at the plan, which may be another one now, and begins when somebody in it wants to be told. Safe to repeat. */
    synchronized void look() {
        refresh();
        if (!begun && !walks.isEmpty()) {
            begun = true;
            ticking.update(Flux.interval(Duration.ZERO, TICK, timer).onBackpressureDrop()
                    .concatMapIterable(tick -> due(), 1).flatMap(Mono::onErrorComplete, MOST_IN_FLIGHT)
                    .subscribe(nothing -> {}, PresenceWalk::broke));
        }
    }

    /** Says of each runner that it is gone, as far as that goes in 5 seconds; nothing is told afterwards. Never fails. */
    Mono<Void> leave() {
        return Mono.defer(() -> {
            ticking.dispose();
            return Flux.fromIterable(all()).flatMap(Mono::onErrorComplete, MOST_IN_FLIGHT)
                    .takeUntilOther(Mono.delay(LAST_WORDS, timer)).then();
        });
    }

    void dispose() {
        ticking.dispose();
    }

    private synchronized List<Mono<Void>> due() {
        refresh();
        List<Mono<Void>> calls = new ArrayList<>();
        walks.values().forEach(walk -> walk.due(clock.nanos()).stream().filter(mine)
                .forEach(runner -> calls.add(walk.tell(runner, now.apply(runner)))));
        return calls;
    }

    private synchronized List<Mono<Void>> all() {
        refresh();
        return walks.values().stream()
                .flatMap(walk -> walk.runners().stream().filter(mine).map(runner -> walk.tell(runner, Presence.GONE)))
                .toList();
    }

    /** A reload makes another plan; to compare what they hold would take longer than the walk. */
    @SuppressWarnings("ReferenceEquality")
    private void refresh() {
        FleetPlan current = plan.get();
        if (current == walked) {
            return;
        }
        walked = current;
        Map<String, List<Runner>> runners = new LinkedHashMap<>();
        for (FleetPlan.PoolPlan pool : current.pools()) {
            if (pool.services().controlPlane().presenceInterval() != null) {
                runners.computeIfAbsent(pool.controlPlane(), name -> new ArrayList<>()).addAll(pool.runners());
            }
        }
        walks.keySet().retainAll(runners.keySet());
        runners.forEach((name, all) -> walks.computeIfAbsent(name, first -> new PresenceWalk(timer))
                .over(List.copyOf(all), clock.nanos()));
    }
}
