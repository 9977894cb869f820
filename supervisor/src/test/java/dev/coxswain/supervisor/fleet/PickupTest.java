package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Time from queued to leased, in virtual time, beside runners that each ask at a fixed interval (in phases left to
 * chance, and at once after a job, which is generous) and send no more requests in the same time. A request takes 20 ms.
 *
 * <p>With arrivals that have no memory no way of asking is better than one request every 1/rate: it waits half of that in
 * the median, and fixed intervals wait ln 2 of it. So there the median can't be half at equal requests sent; it is where
 * jobs come in bursts, and where the fixed interval must be chosen so that it keeps within the budget with all runners
 * idle.
 */
class PickupTest {
    private static final Duration SPAN = Duration.ofMinutes(15);
    private static final Duration ROUND_TRIP = Duration.ofMillis(20);
    private static final int RUNNERS = 100;

    /** So many jobs a second, {@code burst} of them at once, each of {@code seconds}. */
    private record Arrivals(double perSecond, int burst, int seconds) {
        List<Long> nanos(long seed) {
            Random random = new Random(seed);
            List<Long> at = new ArrayList<>();
            double now = 60;
            while (now < SPAN.toSeconds()) {
                now += -Math.log(1 - random.nextDouble()) / perSecond * burst;
                for (int i = 0; i < burst; i++) {
                    at.add((long) (now * 1e9));
                }
            }
            return at;
        }
    }

    private record Pickup(double medianMillis, double p99Millis, double requestsPerSecond, int jobs) {
        static Pickup of(List<Long> waits, int requests) {
            List<Long> sorted = waits.stream().sorted().toList();
            return new Pickup(sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() * 99 / 100) / 1e6,
                    requests / (double) SPAN.toSeconds(), sorted.size());
        }

        @Override
        public String toString() {
            return "median %.0f ms, p99 %.0f ms, %.2f requests/s, %d jobs".formatted(medianMillis, p99Millis,
                    requestsPerSecond, jobs);
        }
    }

    /** The jobs of a control plane whose queue every runner sees. */
    private static final class Queue {
        private final Deque<Long> due;
        private final List<Long> waits = new ArrayList<>();
        private int requests;

        Queue(List<Long> arrivals) {
            due = new ArrayDeque<>(arrivals);
        }

        boolean take(long nowNanos) {
            requests++;
            if (due.isEmpty() || due.peek() > nowNanos) {
                return false;
            }
            waits.add(nowNanos - due.remove());
            return true;
        }

        Pickup pickup() {
            return Pickup.of(waits, requests);
        }
    }

    private static Pickup ours(Arrivals arrivals, double budget, Duration max, long seed) {
        SchedulerBench bench = new SchedulerBench(seed);
        ControlPlaneConfig config = ScriptedPlane.config("plane", budget, Duration.ofMillis(500), max);
        ScriptedPlane plane = new ScriptedPlane(config, bench.clock);
        Queue queue = new Queue(arrivals.nanos(seed));
        plane.answer = runner -> Mono.delay(ROUND_TRIP.dividedBy(2), bench.time)
                .flatMap(tick -> queue.take(bench.clock.nanos())
                        ? Mono.just(plane.job("ok " + arrivals.seconds * 1_000))
                        : ScriptedPlane.noJob())
                .delayElement(ROUND_TRIP.dividedBy(2), bench.time);
        PollScheduler polls = bench.scheduler(config, bench.slots(RUNNERS, "pool"), 1);
        bench.runners(plane, "pool", RUNNERS).forEach(runner -> polls.add(runner, 1));
        bench.pass(SPAN);
        return queue.pickup();
    }

    private static Pickup fixed(Arrivals arrivals, double intervalSeconds, long seed) {
        Random random = new Random(seed);
        Queue queue = new Queue(arrivals.nanos(seed));
        long interval = (long) (intervalSeconds * 1e9);
        PriorityQueue<Ask> next = new PriorityQueue<>(Comparator.comparingLong(Ask::atNanos));
        for (int i = 0; i < RUNNERS; i++) {
            long phase = (long) (random.nextDouble() * interval);
            next.add(new Ask(phase, phase));
        }
        while (next.element().atNanos < SPAN.toNanos()) {
            Ask ask = next.remove();
            long now = ask.atNanos;
            long onItsGrid = ask.phase + ((now - ask.phase) / interval + 1) * interval;
            next.add(new Ask(queue.take(now) ? now + arrivals.seconds * 1_000_000_000L : onItsGrid, ask.phase));
        }
        return queue.pickup();
    }

    private record Ask(long atNanos, long phase) {}

    /** The interval at which as many requests are sent, found by bisection. */
    private static Pickup fixedWithAsManyRequests(Arrivals arrivals, double perSecond, long seed) {
        double low = 0.2;
        double high = 200;
        for (int i = 0; i < 16; i++) {
            double middle = Math.sqrt(low * high);
            if (fixed(arrivals, middle, seed).requestsPerSecond > perSecond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return fixed(arrivals, low, seed);
    }

    private static void show(String what, Pickup ours, Pickup fixed) {
        System.out.printf("pickup, %s: ours %s; fixed %s; ratio median %.2f p99 %.2f%n", what, ours, fixed,
                ours.medianMillis / fixed.medianMillis, ours.p99Millis / fixed.p99Millis);
    }

    @Test
    void jobsThatComeInBurstsAreLeasedInLessThanHalfOfTheTimeWithAsManyRequests() {
        Arrivals bursts = new Arrivals(1, 20, 5);
        Pickup ours = ours(bursts, 50, Duration.ofSeconds(30), 3);
        Pickup fixed = fixedWithAsManyRequests(bursts, ours.requestsPerSecond, 3);
        show("bursts of 20, equal requests", ours, fixed);

        assertThat(fixed.requestsPerSecond).isGreaterThanOrEqualTo(ours.requestsPerSecond * 0.98);
        assertThat(ours.medianMillis).isLessThanOrEqualTo(fixed.medianMillis / 2);
        assertThat(ours.p99Millis).isLessThanOrEqualTo(fixed.p99Millis / 2);
    }

    @Test
    void steadyJobsAreLeasedSoonerWithAsManyRequests() {
        Arrivals steady = new Arrivals(1, 1, 5);
        Pickup ours = ours(steady, 50, Duration.ofSeconds(30), 5);
        Pickup fixed = fixedWithAsManyRequests(steady, ours.requestsPerSecond, 5);
        show("steady, equal requests, intervals decide", ours, fixed);

        assertThat(fixed.requestsPerSecond).isGreaterThanOrEqualTo(ours.requestsPerSecond * 0.98);
        assertThat(ours.medianMillis).isLessThan(fixed.medianMillis);
        assertThat(ours.p99Millis).isLessThan(fixed.p99Millis);
    }

    @Test
    void whereTheBudgetDecidesTheSlowestSteadyJobsAreLeasedInLessThanHalfOfTheTimeWithAsManyRequests() {
        Arrivals steady = new Arrivals(0.5, 1, 5);
        Pickup ours = ours(steady, 10, Duration.ofSeconds(5), 5);
        Pickup fixed = fixedWithAsManyRequests(steady, ours.requestsPerSecond, 5);
        show("steady, equal requests, budget decides", ours, fixed);

        assertThat(fixed.requestsPerSecond).isGreaterThanOrEqualTo(ours.requestsPerSecond * 0.98);
        assertThat(ours.medianMillis).isLessThan(fixed.medianMillis * 0.85);
        assertThat(ours.p99Millis).isLessThanOrEqualTo(fixed.p99Millis / 2);
    }

    @Test
    void withTheSameBudgetAndHalfOfTheRunnersBusySteadyJobsAreLeasedInLessThanHalfOfTheTime() {
        Arrivals steady = new Arrivals(1, 1, 50);
        double budget = 10;
        Pickup ours = ours(steady, budget, Duration.ofSeconds(5), 7);
        Pickup fixed = fixed(steady, RUNNERS / budget, 7);
        show("steady, half busy, same budget", ours, fixed);

        assertThat(ours.requestsPerSecond).isLessThanOrEqualTo(budget);
        assertThat(ours.medianMillis).isLessThanOrEqualTo(fixed.medianMillis / 2);
        assertThat(ours.p99Millis).isLessThanOrEqualTo(fixed.p99Millis / 2);
    }
}
