package dev.coxswain.supervisor.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The traps of contract xenonflare-studio that lie between the end of a job's work and its report, by their number there. */
class ShippingTrapsTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(1),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final TestArtifacts uploads = new TestArtifacts();
    private final List<JobEnd> ends = new ArrayList<>();

    @BeforeEach
    void leaveAFile() {
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.workspace.file = relative -> Mono.just(Path.of("/tmp"));
        bench.uploads = uploads;
    }

    private void start() {
        new JobRun(bench.services(), TestBench.CREDENTIAL, bench.held(), (Slots.Slot) slots.reserve("pool")).run()
                .subscribe(ends::add);
    }

    @Test
    void trap05_beatsGoOnDuringAnUploadThatOutlivesManyLeases() {
        Duration upload = bench.lease.length.multipliedBy(10);
        uploads.transfer = Mono.delay(upload, bench.time).then();
        start();
        bench.time.advanceTimeBy(upload.minusSeconds(1));

        assertThat(bench.lease.signed).isEqualTo(1);
        assertThat(bench.lease.settled).isEmpty();
        long last = 0;
        for (long beat : bench.lease.beatsAt) {
            assertThat(Duration.ofNanos(beat - last)).isLessThan(bench.lease.length.dividedBy(2));
            last = beat;
        }
        assertThat(Duration.ofNanos(last)).isGreaterThan(upload.minus(bench.lease.length.dividedBy(2)));

        bench.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void trap06_nothingIsSignedBeforeTheLongWorkIsDone() {
        Duration work = Duration.ofHours(2);
        bench.workload = bench.lasting(work);
        start();
        bench.time.advanceTimeBy(work.minusSeconds(1));
        assertThat(bench.lease.signed).isZero();

        bench.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(bench.lease.signed).isEqualTo(1);
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }
}
