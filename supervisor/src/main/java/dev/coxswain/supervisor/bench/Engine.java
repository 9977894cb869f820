package dev.coxswain.supervisor.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.Fleet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The supervisor's engine as a contender. Between two orders it has no fleet, so it costs nothing while others are
 * measured; its code stays warm.
 */
final class Engine implements Role {
    /** No budget at all. */
    private static final double UNLIMITED = 1e9;
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration LOOK = Duration.ofMillis(2);
    private static final Duration LONGEST = Duration.ofMinutes(9);
    private static final int COLLECTIONS = 4;

    private final Rooms rooms;
    private final LateScheduler timers = new LateScheduler(Schedulers.parallel());
    private @Nullable Fleet idle;

    Engine(Order settings) {
        rooms = new Rooms(settings);
    }

    @Override
    public Map<String, Double> carryOut(Order order) {
        return switch (order.what()) {
            case "jobs" -> jobs(order);
            case "polls" -> polls(order);
            case "pickup" -> pickup(order);
            case "collect" -> collect();
            case "begin" -> begin(order);
            case "watch" -> watch(order);
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
    }

    private Map<String, Double> jobs(Order order) {
        double done = rooms.ended() + order.number("jobs");
        double good = rooms.succeeded() + order.number("jobs");
        run(order, UNLIMITED, AT_ONCE, AT_ONCE, () -> rooms.ended() >= done);
        if (rooms.succeeded() < good) {
            throw new IllegalStateException(good - rooms.succeeded() + " jobs did not succeed");
        }
        return Map.of("jobs", order.number("jobs"));
    }

    private Map<String, Double> polls(Order order) {
        double before = rooms.refused();
        run(order, UNLIMITED, AT_ONCE, AT_ONCE, () -> rooms.refused() - before >= order.number("polls"));
        return Map.of("polls", rooms.refused() - before);
    }

    private void run(Order order, double perSecond, Duration pollMin, Duration pollMax, BooleanSupplier done) {
        Fleet fleet = rooms.fleet(order.count("runners"), perSecond, pollMin, pollMax, Schedulers.parallel());
        try {
            fleet.start().block(LONGEST);
            Flux.interval(LOOK).onBackpressureDrop().filter(tick -> done.getAsBoolean()).next().block(LONGEST);
            fleet.drained(Duration.ofSeconds(20)).block();
        } finally {
            fleet.stop();
        }
    }

    private Map<String, Double> pickup(Order order) {
        double refused = rooms.refused();
        double ended = rooms.ended();
        Fleet fleet = rooms.fleet(order.count("runners"), order.number("perSecond"),
                Duration.ofMillis((long) order.number("pollMinMillis")),
                Duration.ofMillis((long) order.number("pollMaxMillis")), Schedulers.parallel());
        try {
            fleet.start().block(LONGEST);
            Mono.delay(Duration.ofMillis((long) (order.number("seconds") * 1e3))).block(LONGEST);
            fleet.drained(Duration.ofSeconds(20)).block();
        } finally {
            fleet.stop();
        }
        return Map.of("requests", rooms.refused() - refused + rooms.ended() - ended);
    }

    /** What the heap holds after a full collection; {@code rss} is added by the caller. */
    private static Map<String, Double> collect() {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least = Math.min(least, (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return Map.of("heap", least);
    }

    /** Lets so many runners in and waits until each has asked once; the server says when they ask again. */
    private Map<String, Double> begin(Order order) {
        double before = rooms.refused();
        Fleet fleet = rooms.fleet(order.count("runners"), UNLIMITED, Duration.ofMillis(500), Duration.ofSeconds(30),
                timers);
        idle = fleet;
        fleet.start().block(LONGEST);
        Flux.interval(LOOK).onBackpressureDrop()
                .filter(tick -> rooms.refused() - before >= order.number("runners")).next().block(LONGEST);
        return Map.of("polls", rooms.refused() - before);
    }

    /** Watches the idle fleet for so many seconds. */
    private Map<String, Double> watch(Order order) {
        Objects.requireNonNull(idle, "no fleet has begun");
        double before = rooms.refused();
        timers.reset();
        Mono.delay(Duration.ofMillis((long) (order.number("seconds") * 1e3))).block(LONGEST);
        long[] late = timers.sorted();
        return Map.of("polls", rooms.refused() - before, "timers", (double) late.length, "lateP50",
                Figures.percentile(late, 0.5) / 1e6, "lateP99", Figures.percentile(late, 0.99) / 1e6);
    }

    @Override
    public void close() {
        if (idle != null) {
            idle.stop();
        }
        rooms.close();
        timers.dispose();
    }
}
