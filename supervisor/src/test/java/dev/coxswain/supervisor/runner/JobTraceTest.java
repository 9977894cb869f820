package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.metrics.Exemplar;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What a job tells whoever follows it. */
class JobTraceTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(1),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final List<String> told = new ArrayList<>();
    private final List<JobTraces.Leased> followed = new ArrayList<>();

    JobTraceTest() {
        bench.traces = (job, sentAtNanos) -> {
            followed.add(job);
            return new Notes(sentAtNanos);
        };
    }

    /** Seconds since the request, what, and how it ended. */
    private final class Notes implements JobTrace {
        private final long sentAtNanos;

        Notes(long sentAtNanos) {
            this.sentAtNanos = sentAtNanos;
        }

        private long seconds(long nanos) {
            return Duration.ofNanos(nanos - sentAtNanos).toSeconds();
        }

        @Override
        public @Nullable Exemplar stage(String stage, long fromNanos, long untilNanos, StageEnd end) {
            told.add(stage + " " + seconds(fromNanos) + "-" + seconds(untilNanos) + " " + end);
            return null;
        }

        @Override
        public void heartbeatFailed(long atNanos, String kind) {
            told.add("heartbeat " + kind);
        }

        @Override
        public @Nullable Exemplar ended(SettleResult result, long atNanos) {
            told.add("ended " + seconds(atNanos) + " " + result);
            return null;
        }
    }

    private JobRun start() {
        // the answer takes two seconds
        bench.reply = () -> Mono.just((LeaseReply) new LeaseReply.Granted(bench.lease))
                .delayElement(Duration.ofSeconds(2), bench.time);
        List<Runner.Polled> polled = new ArrayList<>();
        new Runner(bench.services(), TestBench.CREDENTIAL).poll((Slots.Slot) slots.reserve("pool"))
                .subscribe(polled::add);
        bench.time.advanceTimeBy(Duration.ofSeconds(2));
        JobRun run = ((Runner.Polled.Granted) polled.getFirst()).run();
        run.run().subscribe();
        return run;
    }

    @Test
    void everyStageIsToldFromTheRequestOn() {
        bench.workload = bench.lasting(Duration.ofSeconds(30));
        JobRun run = start();
        bench.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(followed).containsExactly(
                new JobTraces.Leased(run.progress().key(), "plane", "pool", "pool-1", "host"));
        assertThat(told).containsExactly("lease 0-2 DONE", "journal 2-2 DONE", "run 2-32 DONE", "upload 32-32 DONE",
                "settle 32-32 DONE", "ended 32 SUCCESS");
    }

    @Test
    void aStageThatIsCutOffIsToldToo() {
        bench.workload = bench.lasting(Duration.ofMinutes(30));
        JobRun run = start();
        bench.time.advanceTimeBy(Duration.ofSeconds(8));
        run.cancel(Outcome.Cause.CANCELLED, "a person");
        bench.time.advanceTimeBy(Duration.ofMinutes(1));

        // stopping it took three seconds
        assertThat(told).containsExactly("lease 0-2 DONE", "journal 2-2 DONE", "run 2-13 STOPPED",
                "settle 13-13 DONE", "ended 13 CANCELLED");
    }

    @Test
    void onlyHeartbeatsThatFailAreToldAndOnlyTheirKind() {
        bench.workload = bench.lasting(Duration.ofSeconds(50));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(5));
        bench.lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("503 with a secret", null, null));
        bench.time.advanceTimeBy(Duration.ofMinutes(10));

        assertThat(told).contains("heartbeat Unavailable").noneMatch(line -> line.contains("secret"));
    }
}
