package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.testing.ScriptedLease;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The one end of a lease, in virtual time. */
class SettlementTest {
    private static final Outcome COMPLETE = new Outcome.Complete("{}");
    private static final Outcome FAIL = new Outcome.Fail(Outcome.Cause.FAILURE, "boom");

    private final TestBench bench = new TestBench();
    private final AtomicInteger freed = new AtomicInteger();
    private final List<JobEnd> ends = new ArrayList<>();

    private void settle(Outcome outcome) {
        new Settlement(bench.services(), bench.held(), freed::incrementAndGet).settle(outcome).subscribe(ends::add);
    }

    @Test
    void theOutcomeIsInTheJournalBeforeItIsSent() {
        List<String> order = new ArrayList<>();
        bench.journal.onOutcome = () -> order.add("journal");
        bench.lease.settle = outcome -> {
            order.add("sent");
            return Mono.just(new SettleReply.Acknowledged());
        };

        settle(COMPLETE);

        assertThat(order).containsExactly("journal", "sent");
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void anUnansweredReportIsRepeatedWithBeatsBetweenAndTheSlotIsFree() {
        AtomicInteger tries = new AtomicInteger();
        bench.lease.settle = outcome -> tries.incrementAndGet() < 8
                ? Mono.error(new ControlPlaneException.Unavailable("502", null, null))
                : Mono.just(new SettleReply.Acknowledged());

        settle(COMPLETE);
        assertThat(freed).hasValueGreaterThan(0);
        bench.time.advanceTimeBy(Duration.ofMinutes(3));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
        assertThat(bench.lease.beatsAt).isNotEmpty();
    }

    @Test
    void goneAfterAnUnclearTryIsUnclearAndNeverTheOpposite() {
        AtomicInteger tries = new AtomicInteger();
        bench.lease.settle = outcome -> tries.incrementAndGet() == 1
                ? Mono.error(new ControlPlaneException.Unavailable("reset", null, null))
                : Mono.just(new SettleReply.Gone("409"));

        settle(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.UNCLEAR);
        assertThat(bench.lease.settled).containsOnly(COMPLETE);
    }

    @ParameterizedTest
    @CsvSource({"600, 120, 60", "600, 30, 30", "105, 50, 50", "3, 1, 1"})
    void aReportThatHangsIsWaitedForAsLongAsItsProtocolSaysAndTheLeaseAllows(int leaseSeconds, int completeSeconds,
            int failSeconds) {
        for (Outcome outcome : List.of(COMPLETE, FAIL)) {
            TestBench fresh = new TestBench();
            ScriptedLease lease = new ScriptedLease(fresh.clock, Duration.ofSeconds(leaseSeconds));
            boolean complete = outcome instanceof Outcome.Complete;
            Duration asked = Duration.ofSeconds(
                    leaseSeconds == 600 ? (complete ? completeSeconds : failSeconds) : complete ? 120 : 60);
            lease.reportTimeout = report -> report instanceof Outcome.Complete == complete ? asked : Duration.ZERO;
            List<Long> sent = new ArrayList<>();
            lease.settle = report -> {
                sent.add(fresh.clock.nanos());
                return Mono.never();
            };
            AtomicInteger repeated = new AtomicInteger();
            new Settlement(fresh.services(), new HeldLease(lease, fresh.clock), repeated::incrementAndGet)
                    .settle(outcome).subscribe(ends::add);
            Duration limit = Duration.ofSeconds(complete ? completeSeconds : failSeconds);

            fresh.time.advanceTimeBy(limit.minusMillis(1000));
            assertThat(repeated).hasValue(0);
            fresh.time.advanceTimeBy(Duration.ofMillis(1001));
            assertThat(repeated).as("%s of %s", outcome, limit).hasPositiveValue();
            assertThat(sent).hasSize(1);
        }
    }

    @Test
    void goneAtTheFirstTryIsLost() {
        bench.lease.settle = outcome -> Mono.just(new SettleReply.Gone("409"));

        settle(FAIL);

        assertThat(ends).containsExactly(new JobEnd(SettleResult.LOST, "409"));
    }

    @Test
    void aRefusedCompleteBecomesAJournaledFail() {
        bench.lease.settle = outcome -> Mono.just(outcome instanceof Outcome.Complete
                ? new SettleReply.Refused("scenes must not be empty")
                : new SettleReply.Acknowledged());

        settle(COMPLETE);

        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.result()).isEqualTo(SettleResult.FAILURE);
            assertThat(end.message()).contains("scenes must not be empty");
        });
        assertThat(bench.journal.outcomes).hasSize(2);
    }

    @Test
    void aRefusalAfterAnUnclearCompleteIsNotFollowedByAFail() {
        AtomicInteger tries = new AtomicInteger();
        bench.lease.settle = outcome -> tries.incrementAndGet() == 1
                ? Mono.error(new ControlPlaneException.Garbled("html", null))
                : Mono.just(new SettleReply.Refused("400"));

        settle(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(bench.lease.settled).containsOnly(COMPLETE);
        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.UNCLEAR);
    }

    @Test
    void aHangingReportLeavesTimeForABeat() {
        bench.lease.settle = outcome -> Mono.never();

        settle(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(ends).isEmpty();
        assertThat(bench.held().isOver()).isFalse();
    }

    @Test
    void itGivesUpAfterTenMinutes() {
        bench.lease.settle = outcome -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));

        settle(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(11));

        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.UNCLEAR);
    }

    @Test
    void nothingIsSentAfterTheFence() {
        bench.lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        bench.lease.settle = outcome -> Mono.error(new ControlPlaneException.RateLimited("429", Duration.ofHours(1)));

        settle(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofSeconds(56));
        int sent = bench.lease.settled.size();
        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.LOST);

        bench.time.advanceTimeBy(Duration.ofHours(2));
        assertThat(bench.lease.settled).hasSize(sent);
    }

    @Test
    void aJournalThatRefusesDoesNotKeepTheReportFromItsOwner() {
        bench.journal.broken = true;

        settle(FAIL);

        assertThat(ends).containsExactly(new JobEnd(SettleResult.FAILURE, "boom"));
    }

    /** Whatever the server answers: it ends, complete and fail are never mixed after an unclear try, nothing after the fence. */
    @Property(tries = 150)
    void completeXorFail(@ForAll long seed) {
        TestBench any = new TestBench();
        Random random = new Random(seed);
        boolean[] unclear = {false};
        any.lease.beat = () -> random.nextInt(10) == 0
                ? Mono.just(new HeartbeatReply.Lost("stolen"))
                : random.nextInt(3) == 0
                        ? Mono.error(new ControlPlaneException.Unavailable("x", null, null))
                        : Mono.just(any.lease.renewed());
        any.lease.settle = outcome -> {
            assertThat(any.held().isOver()).isFalse();
            if (unclear[0]) {
                assertThat(outcome).isEqualTo(any.lease.settled.get(0));
            }
            return switch (random.nextInt(6)) {
                case 0 -> Mono.just(new SettleReply.Acknowledged());
                case 1 -> Mono.just(new SettleReply.Gone("409"));
                case 2 -> Mono.just(new SettleReply.Refused("400"));
                case 3 ->
                    Mono.error(new ControlPlaneException.RateLimited("429", Duration.ofSeconds(random.nextInt(20))));
                case 4 -> {
                    unclear[0] = true;
                    yield Mono.never();
                }
                default -> {
                    unclear[0] = true;
                    yield Mono.error(new ControlPlaneException.Unavailable("500", null, null));
                }
            };
        };
        List<JobEnd> how = new ArrayList<>();
        new Settlement(any.services(), any.held(), () -> {}).settle(random.nextBoolean() ? COMPLETE : FAIL)
                .subscribe(how::add);

        any.time.advanceTimeBy(Duration.ofMinutes(15));

        assertThat(how).hasSize(1);
    }
}
