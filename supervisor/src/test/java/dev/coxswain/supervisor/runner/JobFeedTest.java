package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The bracket for protocols that want to hear of a job's beginning, its log and its steps; in virtual time. */
class JobFeedTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(1),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final List<JobEnd> ends = new ArrayList<>();
    private final Recorder feed = new Recorder();

    private JobRun start() {
        JobRun run = new JobRun(bench.services(), TestBench.CREDENTIAL, bench.held(),
                (Slots.Slot) slots.reserve("pool"));
        run.run().subscribe(ends::add);
        return run;
    }

    private static ExecutionEvent output(String text) {
        return new ExecutionEvent.Output(CommandEvent.Stream.STDOUT, text.getBytes(UTF_8));
    }

    private static final ExecutionEvent DONE = new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output"));

    private static ControlPlaneException down() {
        return new ControlPlaneException.Unavailable("503", null, null);
    }

    @Test
    void trap15TheBeginningIsToldFirstAndAgainUntilItIsHeard() {
        List<String> order = new ArrayList<>();
        int[] tries = {0};
        bench.lease.begin = () -> {
            order.add("begin");
            return tries[0]++ < 3 ? Mono.error(JobFeedTest::down) : Mono.just(LeaseTerm.endless(bench.clock.nanos()));
        };
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Renewed(bench.lease.first));
        bench.workload = (job, space) -> Flux.defer(() -> {
            order.add("work");
            return Flux.just(DONE);
        });
        start();
        assertThat(order).containsExactly("begin");
        assertThat(bench.journal.claims).hasSize(1);

        bench.time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(order).containsExactly("begin", "begin", "begin", "begin", "work");
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void aBeginningThatIsNeverHeardEndsAtTheFenceAndNothingIsRun() {
        bench.lease.begin = () -> Mono.error(JobFeedTest::down);
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Renewed(bench.lease.first));
        boolean[] worked = {false};
        bench.workload = (job, space) -> Flux.defer(() -> {
            worked[0] = true;
            return Flux.just(DONE);
        });
        start();

        bench.time.advanceTimeBy(Duration.ofSeconds(61));

        assertThat(worked[0]).isFalse();
        assertThat(ends).extracting(JobEnd::result).containsExactly(SettleResult.LOST);
        assertThat(bench.lease.settled).isEmpty();
    }

    @Test
    void anEndlessLeaseIsNeverFencedHoweverLongTheControlPlaneIsAway() {
        bench.lease.begin = () -> Mono.just(LeaseTerm.endless(bench.clock.nanos()));
        bench.lease.beat = () -> Mono.error(JobFeedTest::down);
        bench.workload = bench.lasting(Duration.ofHours(3));
        JobRun run = start();

        bench.time.advanceTimeBy(Duration.ofHours(2));
        assertThat(ends).isEmpty();
        assertThat(run.untilFenceNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(run.progress().fenceAt()).isNull();
        bench.time.advanceTimeBy(Duration.ofHours(2));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void trap14LogAndStepsArriveInOrderMaskedAndBeforeTheReport() {
        bench.lease.feed = feed;
        bench.lease.secrets = List.of(new Secret("signing-grant"));
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.StepStarted("build", "make signing-grant"),
                output("with signing-grant and cred.secret-token\n"), new ExecutionEvent.StepEnded("build", 0), DONE);
        bench.lease.settle = outcome -> {
            feed.told.add("settled");
            return Mono.just(new dev.coxswain.supervisor.controlplane.SettleReply.Acknowledged());
        };
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(feed.told).containsExactly("start build make ***", "with *** and ***\n", "end build SUCCEEDED",
                "end",
                "settled");
        assertThat(bench.lease.steps).containsExactly(new ExecutionEvent.StepStarted("build", "make ***"),
                new ExecutionEvent.StepEnded("build", 0));
    }

    @Test
    void aShortSecretHidesNoStepsName() {
        bench.lease.feed = feed;
        bench.lease.secrets = List.of(new Secret("7"));
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.StepStarted("71", "make 7"), output("7\n"),
                new ExecutionEvent.StepEnded("71", 0), DONE);
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(feed.told).containsExactly("start 71 make ***", "***\n", "end 71 SUCCEEDED", "end");
    }

    @Test
    void whatTheJobsPlanCallsASecretIsMaskedFromThenOn() {
        bench.lease.feed = feed;
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.SecretLearnt("from-the-plan"),
                output("say from-the-plan\n"), DONE);
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(feed.told).containsExactly("say ***\n", "end");
        assertThat(new ExecutionEvent.SecretLearnt("from-the-plan").toString()).doesNotContain("plan");
    }

    @Test
    void anOutageHoldsTheLogBackAndNotTheJob() {
        bench.lease.feed = feed;
        feed.answer = () -> Mono.error(JobFeedTest::down);
        boolean[] ended = {false};
        bench.workload = (job, space) -> Flux.interval(Duration.ofSeconds(1), bench.time).take(100)
                .onBackpressureBuffer(100)
                .map(i -> output(i + "\n")).concatWith(Flux.defer(() -> {
                    ended[0] = true;
                    return Flux.just(DONE);
                }));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(101));
        assertThat(ended[0]).isTrue();
        assertThat(bench.lease.settled).isEmpty();

        feed.answer = Mono::empty;
        bench.time.advanceTimeBy(Duration.ofSeconds(40));

        assertThat(String.join("", feed.told)).startsWith("0\n1\n2\n").endsWith("98\n99\nend");
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void aLogThatIsNeverTakenDelaysTheReportForAMinuteOnly() {
        bench.lease.feed = feed;
        feed.answer = () -> Mono.error(JobFeedTest::down);
        bench.workload = (job, space) -> Flux.just(output("lost\n"), DONE);
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(bench.lease.settled).isEmpty();

        bench.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(bench.lease.settled).containsExactly(new Outcome.Complete("{}"));
        assertThat(feed.told).isEmpty();
        int tries = feed.tries;
        bench.time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(feed.tries).isEqualTo(tries);
    }

    @Test
    void aRefusedLogEndsTheFeedAndTheJobGoesOn() {
        bench.lease.feed = feed;
        feed.answer = () -> Mono.error(new ControlPlaneException.Rejected("413"));
        bench.workload = (job, space) -> Flux.just(output("one\n")).concatWith(
                Mono.delay(Duration.ofSeconds(30), bench.time).thenReturn(output("two\n"))).concatWithValues(DONE);
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(32));

        assertThat(feed.tries).isEqualTo(1);
        assertThat(ends).containsExactly(new JobEnd(SettleResult.SUCCESS, ""));
    }

    @Test
    void aLeaseThatTheLogCallFindsLostKillsTheJobAndNothingIsReported() {
        bench.lease.feed = feed;
        feed.answer = () -> Mono.error(new ControlPlaneException.LeaseLost("403 runner_mismatch"));
        bench.workload = (job, space) -> Flux.just(output("one\n"))
                .concatWith(Mono.delay(Duration.ofMinutes(5), bench.time).thenReturn(DONE));
        start();

        bench.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.LOST, "403 runner_mismatch"));
        assertThat(bench.workspace.stops).containsExactly(Workspace.Stop.KILL);
        assertThat(bench.lease.settled).isEmpty();
    }

    @Test
    void aLostLeaseWaitsForNoLog() {
        bench.lease.feed = feed;
        feed.answer = Mono::never;
        bench.workload = (job, space) -> Flux.just(output("one\n"))
                .concatWith(Mono.delay(Duration.ofMinutes(5), bench.time).thenReturn(DONE));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(10));
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Lost("404"));

        bench.time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(ends).containsExactly(new JobEnd(SettleResult.LOST, "404"));
        assertThat(feed.cancelled).isEqualTo(1);
    }

    /** Writes down what is taken, and answers as told. */
    private static final class Recorder implements JobFeed {
        final List<String> told = new ArrayList<>();
        Supplier<Mono<Void>> answer = Mono::empty;
        int tries;
        int cancelled;

        @Override
        public Duration batchTime() {
            return Duration.ofMillis(500);
        }

        @Override
        public Mono<Void> send(List<FeedItem> batch) {
            List<String> words = batch.stream().map(item -> switch (item) {
                case FeedItem.Output(var stream, var bytes) -> new String(bytes, UTF_8);
                case FeedItem.Skipped(var bytes) -> "skipped " + bytes;
                case FeedItem.Step(var mark) -> switch (mark.step()) {
                    case ExecutionEvent.StepStarted(var name, var command) -> "start " + name + " " + command;
                    case ExecutionEvent.StepEnded(var name, var code, var result) -> "end " + name + " " + result;
                };
            }).toList();
            return attempt(words);
        }

        @Override
        public Mono<Void> end() {
            return attempt(List.of("end"));
        }

        private Mono<Void> attempt(List<String> words) {
            return Mono.defer(() -> {
                tries++;
                return answer.get();
            }).doOnCancel(() -> cancelled++).doOnSuccess(taken -> told.addAll(words));
        }
    }
}
