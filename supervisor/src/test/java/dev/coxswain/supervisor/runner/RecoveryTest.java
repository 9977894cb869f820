package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.journal.Journal;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The end of a lease of a former life, in virtual time. */
class RecoveryTest {
    private static final Outcome COMPLETE = new Outcome.Complete("{\"a\":1}");

    private final TestBench bench = new TestBench();
    private final List<JobEnd> ends = new ArrayList<>();

    private void recover(@Nullable Outcome outcome) {
        LeaseRecord record = new LeaseRecord("plane-p1-0001", "plane", "pool", "pool-1", "p1", "{}", Instant.EPOCH);
        new Recovery(bench.services(), TestBench.CREDENTIAL,
                new Journal.OpenLease(record, outcome, outcome == null ? null : Instant.EPOCH)).run()
                .subscribe(ends::add);
    }

    @Test
    void anOutcomeInTheJournalIsSentAfterABeat() {
        recover(COMPLETE);

        assertThat(bench.lease.beatsAt).hasSize(1);
        assertThat(bench.lease.settled).containsExactly(COMPLETE);
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
        assertThat(bench.journal.ends).containsExactly("plane-p1-0001");
        assertThat(bench.counted()).containsExactly("success");
    }

    @Test
    void aLeaseWithoutOutcomeIsFailedWithItsReason() {
        recover(null);

        assertThat(bench.lease.settled).singleElement().isEqualTo(
                new Outcome.Fail(Outcome.Cause.FAILURE, "the runner was restarted while the job ran"));
        assertThat(bench.journal.outcomes).hasSize(1);
        assertThat(bench.journal.ends).hasSize(1);
    }

    @Test
    void aJobThatTheOwnerWantsCancelledIsStillEnded() {
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.CancelRequested(
                new LeaseTerm(bench.clock.nanos(), Duration.ofSeconds(60), false), "a person"));
        recover(null);

        assertThat(bench.lease.settled).hasSize(1);
    }

    @Test
    void aLeaseThatIsGoneIsOnlyWrittenDown() {
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Lost("409"));
        recover(null);
        bench.lease.beat = () -> Mono.error(new ControlPlaneException.LeaseLost("404"));
        recover(COMPLETE);

        assertThat(bench.lease.settled).isEmpty();
        assertThat(ends).extracting(JobEnd::result).containsExactly(SettleResult.LOST, SettleResult.UNCLEAR);
        assertThat(bench.journal.ends).hasSize(2);
    }

    @Test
    void anUnreachableControlPlaneIsAskedAgainWithPauses() {
        AtomicInteger beats = new AtomicInteger();
        bench.lease.beat = () -> switch (beats.incrementAndGet()) {
            case 1 -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
            case 2 -> Mono.never();
            case 3 -> Mono.empty();
            case 4 -> Mono.error(new ControlPlaneException.RateLimited("429", Duration.ofSeconds(40)));
            default -> Mono.just(bench.lease.renewed());
        };
        recover(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofSeconds(50));
        assertThat(beats).hasValue(4);
        assertThat(ends).isEmpty();

        bench.time.advanceTimeBy(Duration.ofSeconds(15));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void afterTenMinutesItIsGivenUp() {
        bench.lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        recover(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(9));
        assertThat(ends).isEmpty();

        bench.time.advanceTimeBy(Duration.ofMinutes(2));

        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.ABANDONED);
        assertThat(bench.lease.settled).isEmpty();
        assertThat(bench.journal.ends).hasSize(1);
    }

    @Test
    void aReportThatIsNotAcknowledgedIsRepeatedUnderBeats() {
        AtomicInteger tries = new AtomicInteger();
        bench.lease.settle = outcome -> tries.incrementAndGet() < 4
                ? Mono.error(new ControlPlaneException.Unavailable("502", null, null))
                : Mono.just(new SettleReply.Acknowledged());
        recover(COMPLETE);
        bench.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
        assertThat(bench.lease.settled).hasSize(4).containsOnly(COMPLETE);
    }

    @Test
    void aRecordThatTheAdapterCannotReadIsGivenUpAtOnce() {
        bench.restored = record -> {
            throw new IllegalArgumentException("handle is no JSON");
        };
        recover(COMPLETE);

        assertThat(ends).singleElement().extracting(JobEnd::result).isEqualTo(SettleResult.ABANDONED);
        assertThat(bench.journal.ends).hasSize(1);
    }
}
