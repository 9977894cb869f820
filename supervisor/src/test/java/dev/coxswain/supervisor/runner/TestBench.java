package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.LogOpener;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.testing.MemoryLog;
import dev.coxswain.supervisor.testing.NoUploads;
import dev.coxswain.supervisor.testing.RecordingJournal;
import dev.coxswain.supervisor.testing.RecordingWorkspace;
import dev.coxswain.supervisor.testing.ScriptedLease;
import dev.coxswain.supervisor.upload.ArtifactUploads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A pool's services on virtual time, with doubles for everything outside the runner's room. */
final class TestBench {
    static final Credential CREDENTIAL = new Credential("pool-1", new Secret("cred.secret-token"));

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final FleetClock clock = FleetClock.of(time);
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Meters meters = new Meters(registry);
    final RecordingJournal journal = new RecordingJournal();
    final RecordingWorkspace workspace = new RecordingWorkspace(time);
    final ScriptedLease lease = new ScriptedLease(clock, Duration.ofSeconds(60));
    private final HeldLease held = new HeldLease(lease, clock);
    private final RunnerMeters runnerMeters = new RunnerMeters(meters, "plane", "pool");
    private final Random random = new Random(42);
    Workload workload = (job, space) -> Flux.just(new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output")));
    Supplier<Mono<LeaseReply>> reply = () -> Mono.just(new LeaseReply.NoJob(null));
    Supplier<Mono<Workspace>> opening = () -> Mono.just(workspace);
    Function<LeaseRecord, Lease> restored = record -> lease;
    ArtifactUploads uploads = new NoUploads();
    JobTraces traces = JobTraces.OFF;
    LogOpener logs = (key, plane, secrets) -> Mono.just(new MemoryLog());

    HeldLease held() {
        return held;
    }

    RunnerServices services() {
        return new RunnerServices("pool", 1, new OnePlane(), "host", new OneExecutor(),
                (job, space) -> workload.run(job, space),
                journal, (key, plane, secrets) -> logs.open(key, plane, secrets), uploads, SecretSet.NONE, clock,
                time, random::nextDouble, runnerMeters, traces);
    }

    private final class OnePlane implements ControlPlane {
        @Override
        public String name() {
            return "plane";
        }

        @Override
        public Mono<LeaseReply> lease(Credential credential) {
            return reply.get();
        }

        @Override
        public Lease restore(LeaseRecord record, Credential credential) {
            return restored.apply(record);
        }

        @Override
        public Mono<Void> check(Credential credential) {
            return Mono.empty();
        }
    }

    private final class OneExecutor implements Executor {
        @Override
        public String kind() {
            return "process";
        }

        @Override
        public Mono<Workspace> open(String jobKey) {
            return opening.get();
        }

        @Override
        public Mono<Reaped> reap() {
            return Mono.just(new Reaped(0, 0));
        }
    }

    /** A job that takes this long and then succeeds. */
    Workload lasting(Duration howLong) {
        return (Job job, Workspace space) -> Mono.delay(howLong, time)
                .<ExecutionEvent>map(tick -> new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output"))).flux()
                .doOnCancel(() -> workspace.killed = true);
    }

    /** The results that were counted. */
    List<String> counted() {
        List<String> results = new ArrayList<>();
        for (SettleResult result : SettleResult.values()) {
            double count = registry.get("coxswain_jobs_settled_total").tag("result", result.label()).counter().count();
            for (int i = 0; i < count; i++) {
                results.add(result.label());
            }
        }
        return results;
    }
}
