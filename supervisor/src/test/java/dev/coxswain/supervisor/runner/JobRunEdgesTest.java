package dev.coxswain.supervisor.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.logs.LogException;
import dev.coxswain.supervisor.testing.MemoryLog;
import dev.coxswain.supervisor.upload.ArtifactUploads;
import dev.coxswain.supervisor.upload.UploadEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The corners of one job's bracket: what never opens, never ends, ends without a word, or can't be cleaned up. */
class JobRunEdgesTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(1),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final List<JobEnd> ends = new ArrayList<>();
    private boolean openingGivenUp;

    private JobRun start() {
        JobRun run = new JobRun(bench.services(), TestBench.CREDENTIAL, bench.held(),
                (Slots.Slot) slots.reserve("pool"));
        run.run().subscribe(ends::add);
        return run;
    }

    private void endedAs(SettleResult result, String message) {
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.result()).isEqualTo(result);
            assertThat(end.message()).contains(message);
        });
        assertThat(slots.used()).isZero();
        assertThat(bench.journal.ends).hasSize(1);
    }

    @Test
    void aWorkloadThatEndsWithoutAWordFailsTheJob() {
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.StepStarted("build"));
        start();

        endedAs(SettleResult.FAILURE, "without a result");
        assertThat(bench.workspace.closed).isEqualTo(1);
    }

    @Test
    void anExecutorThatOpensNothingFailsTheJob() {
        bench.opening = Mono::empty;
        start();

        endedAs(SettleResult.FAILURE, "internal error");
    }

    @Test
    void uploadsThatSayNothingFailTheJob() {
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.uploads = new ArtifactUploads() {
            @Override
            public Mono<List<Artifact>> prepare(List<ArtifactRequest> requests, Function<String, Mono<Path>> files) {
                return Mono.empty();
            }

            @Override
            public Flux<UploadEvent> upload(String controlPlane, ArtifactSigner signer, List<Artifact> artifacts) {
                return Flux.empty();
            }
        };
        start();

        endedAs(SettleResult.FAILURE, "internal error");
    }

    @Test
    void aLogThatIsFullFailsTheJobWithItsReason() {
        bench.logs = (key, plane, secrets) -> Mono.just(new MemoryLog() {
            @Override
            public Mono<Void> append(CommandEvent.Stream stream, byte[] bytes) {
                return Mono.error(new LogException("the log is longer than 4 GiB", null));
            }
        });
        bench.workload = (job, space) -> Flux.<ExecutionEvent>just(
                new ExecutionEvent.Output(CommandEvent.Stream.STDOUT, new byte[]{1})).concatWith(Flux.never())
                .doOnCancel(() -> bench.workspace.killed = true);
        start();

        endedAs(SettleResult.FAILURE, "longer than 4 GiB");
        assertThat(bench.workspace.killed).isTrue();
    }

    @Test
    void aWorkspaceThatCannotBeClosedDoesNotSpoilAGoodJob() {
        bench.workspace.closing = Mono.error(new IllegalStateException("the disk went away"));
        bench.logs = (key, plane, secrets) -> Mono.just(new MemoryLog() {
            @Override
            public Mono<Void> end() {
                return Mono.error(new LogException("the disk went away", null));
            }
        });
        start();

        endedAs(SettleResult.SUCCESS, "");
        assertThat(bench.lease.settled).containsExactly(new Outcome.Complete("{}"));
    }

    @Test
    void aPageInsteadOfTheBriefingIsAskedForAgain() {
        AtomicInteger asked = new AtomicInteger();
        bench.lease.briefing = () -> asked.incrementAndGet() == 1
                ? Mono.error(new ControlPlaneException.Garbled("context: the body is no JSON", null))
                : Mono.just(bench.lease.job());
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(5));

        endedAs(SettleResult.SUCCESS, "");
        assertThat(asked).hasValue(2);
    }

    private void neverOpens() {
        bench.opening = () -> Mono.<Workspace>never().doOnCancel(() -> openingGivenUp = true);
    }

    @Test
    void aJobWhoseWorkspaceNeverOpensCanBeCancelled() {
        neverOpens();
        JobRun run = start();
        bench.time.advanceTimeBy(Duration.ofMinutes(3));
        assertThat(ends).isEmpty();
        assertThat(bench.held().isOver()).isFalse();

        run.cancel(Outcome.Cause.CANCELLED, "by a person");

        endedAs(SettleResult.CANCELLED, "by a person");
        assertThat(openingGivenUp).isTrue();
        assertThat(bench.lease.settled).hasSize(1);
    }

    @Test
    void aLeaseThatIsLostBeforeTheWorkspaceIsOpenEndsTheJob() {
        neverOpens();
        start();
        bench.lease.beat = () -> Mono.just(new HeartbeatReply.Lost("409"));
        bench.time.advanceTimeBy(Duration.ofSeconds(30));

        endedAs(SettleResult.LOST, "409");
        assertThat(openingGivenUp).isTrue();
        assertThat(bench.lease.settled).isEmpty();
    }

    @Test
    void theFenceHoldsBeforeTheWorkspaceIsOpenToo() {
        neverOpens();
        bench.lease.beat = () -> Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        start();
        bench.time.advanceTimeBy(Duration.ofSeconds(55).plusMillis(1));

        endedAs(SettleResult.LOST, "expire");
        assertThat(bench.registry.get("coxswain_lease_fenced_total").counter().count()).isEqualTo(1);
    }

    @Test
    void aLogThatNeverOpensHoldsNobodyUp() {
        bench.logs = (key, plane, secrets) -> Mono.never();
        start().cancel(Outcome.Cause.CANCELLED, "by a person");

        endedAs(SettleResult.CANCELLED, "by a person");
    }

    @Test
    void aCancelBeforeTheStartIsHonouredAfterTheClaim() {
        JobRun run = new JobRun(bench.services(), TestBench.CREDENTIAL, bench.held(),
                (Slots.Slot) slots.reserve("pool"));
        assertThat(run.cancel(Outcome.Cause.CANCELLED, "drain")).isTrue();
        run.run().subscribe(ends::add);

        endedAs(SettleResult.CANCELLED, "drain");
        assertThat(bench.journal.claims).hasSize(1);
        assertThat(bench.workspace.closed).isZero();
    }

    @Test
    void aCancelAfterTheEndWasDecidedIsRefused() {
        bench.lease.settle = outcome -> Mono.never();
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.Ended(new JobResult.Failed("no")));
        JobRun run = start();

        assertThat(run.progress().state()).isEqualTo(RunnerState.SETTLING);
        assertThat(run.cancel(Outcome.Cause.CANCELLED, "too late")).isFalse();
    }

    @Test
    void aResultThatTheControlPlaneWouldRefuseIsAFailure() {
        bench.lease.plan = document -> {
            throw new InvalidResultException("scenes is missing");
        };
        start();

        endedAs(SettleResult.FAILURE, "scenes is missing");
    }

    @Test
    void filesAreMeasuredUnderTheResultsRootAndTheirReferencesAreComposed() {
        List<String> asked = new ArrayList<>();
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.lease.compose = (document, references) -> new Outcome.Complete(references.toString());
        bench.workspace.file = relative -> {
            asked.add(relative);
            return Mono.just(Path.of("/tmp"));
        };
        bench.uploads = new TestArtifacts();
        JobRun run = start();

        endedAs(SettleResult.SUCCESS, "");
        assertThat(asked).containsExactly("output/" + TestArtifacts.REQUEST.file());
        assertThat(bench.lease.settled).containsExactly(new Outcome.Complete(
                Map.of(TestArtifacts.REQUEST.path(), TestArtifacts.REFERENCE).toString()));
        assertThat(run.progress().artifactsTotal()).isEqualTo(1);
        assertThat(run.progress().artifactsDone()).isEqualTo(1);
    }

    private static JobResult.Left left() {
        return new JobResult.Left("{}", "artifacts");
    }

    @Test
    void whatAFailedJobLeftIsUploadedBeforeItsEndIsTold() {
        List<String> asked = new ArrayList<>();
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.workspace.file = relative -> {
            asked.add(relative);
            return Mono.just(Path.of("/tmp"));
        };
        TestArtifacts uploads = new TestArtifacts();
        uploads.before = () -> assertThat(bench.lease.settled).isEmpty();
        bench.uploads = uploads;
        bench.workload = (job, space) -> Flux
                .just(new ExecutionEvent.Ended(new JobResult.Failed("a test failed", left())));
        JobRun run = start();

        endedAs(SettleResult.FAILURE, "a test failed");
        assertThat(asked).containsExactly("artifacts/" + TestArtifacts.REQUEST.file());
        assertThat(run.progress().artifactsDone()).isEqualTo(1);
        assertThat(bench.lease.settled)
                .containsExactly(new Outcome.Fail(Outcome.Cause.FAILURE, "a test failed"));
    }

    @Test
    void whatCannotBeUploadedIsToldBesideWhyTheJobFailed() {
        bench.lease.plan = document -> {
            throw new InvalidResultException("a name is used twice");
        };
        bench.workload = (job, space) -> Flux
                .just(new ExecutionEvent.Ended(new JobResult.TimedOut("1h is over", left())));
        start();

        endedAs(SettleResult.TIMEOUT,
                "1h is over; what it left was not uploaded: the result is not valid: a name is used twice");
    }

    @Test
    void aLeaseThatIsLostOverTheUploadOfAFailedJobIsLost() {
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.workspace.file = relative -> Mono.just(Path.of("/tmp"));
        TestArtifacts uploads = new TestArtifacts();
        uploads.before = () -> bench.held().end();
        bench.uploads = uploads;
        bench.workload = (job, space) -> Flux.just(new ExecutionEvent.Ended(new JobResult.Failed("no", left())));
        start();

        endedAs(SettleResult.LOST, "over");
        assertThat(bench.lease.settled).isEmpty();
    }

    @Test
    void nothingIsSignedForALeaseThatIsOver() {
        bench.lease.plan = document -> List.of(TestArtifacts.REQUEST);
        bench.workspace.file = relative -> Mono.just(Path.of("/tmp"));
        TestArtifacts uploads = new TestArtifacts();
        uploads.before = () -> bench.held().end();
        bench.uploads = uploads;
        start();

        endedAs(SettleResult.LOST, "over");
        assertThat(bench.lease.signed).isZero();
    }
}
