package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever two control planes answer and jobs do: the fleet keeps its rules, and is whole again afterwards. */
class PollStormTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Property(tries = 100)
    void noRuleIsBrokenAndNoRunnerOrSlotIsLost(@ForAll long seed) {
        FleetBench bench = new FleetBench(seed);
        Random random = bench.random;
        int total = 1 + random.nextInt(6);
        int kept = random.nextInt(total);
        ScriptedPlane one = bench.plane("one", 1 + random.nextInt(60), Duration.ofMillis(500), Duration.ofSeconds(20));
        ScriptedPlane two = bench.plane("two");
        bench.pool("a", one, 1 + random.nextInt(8), 1 + random.nextInt(4), OptionalInt.of(kept), OptionalInt.empty())
                .pool("b", one, 1 + random.nextInt(8), 1, OptionalInt.empty(),
                        OptionalInt.of(1 + random.nextInt(total)))
                .pool("c", two, 1 + random.nextInt(8), 1, OptionalInt.empty(), OptionalInt.empty());
        List<String> broken = new ArrayList<>();
        for (ScriptedPlane plane : List.of(one, two)) {
            Storm storm = new Storm(bench, plane);
            plane.answer = runner -> storm.answer();
            plane.onAsk = () -> {
                long open = one.inFlight + two.inFlight + running(one) + running(two);
                if (open > bench.slots.used() || bench.slots.used() > total) {
                    broken.add("open " + open + ", used " + bench.slots.used() + " of " + total);
                }
            };
        }
        Fleet fleet = bench.start(total);
        bench.pass(Duration.ofMinutes(random.nextInt(8)));

        for (ScriptedPlane plane : List.of(one, two)) {
            assertThat(budgetKept(plane)).isTrue();
            plane.answer = runner -> ScriptedPlane.noJob();
        }
        bench.pass(MINUTE.multipliedBy(5));
        one.asked.clear();
        two.asked.clear();
        // the longest anybody may be put off: ten minutes of quarantine, jittered by half
        bench.pass(MINUTE.multipliedBy(16));

        assertThat(broken).isEmpty();
        assertThat(bench.slots.used()).isZero();
        assertThat(fleet.status().jobsRunning()).isZero();
        fleet.plan().pools().forEach(pool -> pool.runners().forEach(runner -> assertThat(
                one.askedBy(runner.name()) + two.askedBy(runner.name())).as(runner.name()).isPositive()));
        int leased = one.granted.size() + two.granted.size();
        assertThat(bench.journal.claims).hasSize(leased);
        assertThat(bench.journal.ends).hasSize(leased).doesNotHaveDuplicates();
        fleet.stop();
        bench.time.dispose();
    }

    private static long running(ScriptedPlane plane) {
        return plane.granted.stream().filter(lease -> lease.settled.isEmpty()).count();
    }

    private static boolean budgetKept(ScriptedPlane plane) {
        List<Long> times = plane.times();
        int perSecond = (int) Math.ceil(plane.config.requestsPerSecond());
        return IntStream.range(perSecond, times.size())
                .allMatch(i -> times.get(i) - times.get(i - perSecond) >= 1_000_000_000);
    }

    /** Every kind of answer, at once or later. */
    private record Storm(FleetBench bench, ScriptedPlane plane) {
        Mono<LeaseReply> answer() {
            Random random = bench.random;
            Mono<LeaseReply> reply = Mono.defer(this::any);
            return random.nextInt(3) == 0
                    ? reply
                    : Mono.delay(Duration.ofMillis(random.nextInt(3_000)), bench.time).then(reply);
        }

        private Mono<LeaseReply> any() {
            Random random = bench.random;
            return switch (random.nextInt(14)) {
                case 0 -> Mono.error(new ControlPlaneException.RateLimited("429",
                        random.nextBoolean() ? null : Duration.ofMillis(random.nextInt(4_000))));
                case 1 -> Mono.error(new ControlPlaneException.CredentialRefused("401"));
                case 2 -> Mono.error(new ControlPlaneException.Rejected("400"));
                case 3 -> Mono.error(new ControlPlaneException.Garbled("html", null));
                case 4 -> Mono.error(new ControlPlaneException.LeaseLost("409"));
                case 5 -> Mono.empty();
                case 6 -> Mono.error(new IllegalStateException("a mistake of the adapter"));
                case 7 -> ScriptedPlane.noJob();
                case 8 -> Mono.just(new LeaseReply.NoJob(Duration.ofMillis(random.nextInt(2_000))));
                case 9, 10 -> Mono.error(new ControlPlaneException.Unavailable("503",
                        random.nextBoolean() ? null : Duration.ofSeconds(random.nextInt(5)), null));
                case 11 -> Mono.just(plane.job("fail " + random.nextInt(8_000)));
                default -> Mono.just(plane.job("ok " + random.nextInt(60_000)));
            };
        }
    }
}
