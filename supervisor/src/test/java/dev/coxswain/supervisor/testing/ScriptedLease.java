package dev.coxswain.supervisor.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.controlplane.StepMark;
import reactor.core.publisher.Mono;

/** A fake lease: answers as told, and writes down what was sent and when. */
public final class ScriptedLease implements Lease {
    public final FleetClock clock;
    public final Duration length;
    private final Job job;
    public final LeaseTerm first;
    public final List<Long> beatsAt = new ArrayList<>();
    public final List<Outcome> settled = new ArrayList<>();
    public Planner plan = document -> List.of();
    public BiFunction<String, Map<String, String>, Outcome.Complete> compose = (document,
            references) -> new Outcome.Complete(document);
    public Supplier<Mono<LeaseTerm>> begin = Mono::empty;
    public List<Secret> secrets = List.of();
    public @Nullable JobFeed feed;
    public final List<ExecutionEvent.Step> steps = new ArrayList<>();
    public int signed;
    public Supplier<Mono<HeartbeatReply>> beat;
    public Function<Outcome, Duration> reportTimeout = outcome -> Duration.ofSeconds(30);
    public Supplier<Mono<Job>> briefing = () -> Mono.just(job());
    public Function<Outcome, Mono<SettleReply>> settle = outcome -> Mono.just(new SettleReply.Acknowledged());

    /** The lease of one job named {@code p1}. */
    public ScriptedLease(FleetClock clock, Duration length) {
        this(clock, length, new Job("plane-p1-0001", "p1", "{}"));
    }

    public ScriptedLease(FleetClock clock, Duration length, Job job) {
        this.clock = clock;
        this.job = job;
        this.length = length;
        this.first = new LeaseTerm(clock.nanos(), length, false);
        this.beat = () -> Mono.just(renewed());
    }

    public HeartbeatReply renewed() {
        return new HeartbeatReply.Renewed(new LeaseTerm(clock.nanos(), length, false));
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public Mono<LeaseTerm> begin() {
        return Mono.defer(begin);
    }

    @Override
    public List<Secret> secrets() {
        return secrets;
    }

    @Override
    public @Nullable JobFeed feed() {
        return feed;
    }

    @Override
    public void stepped(StepMark mark) {
        steps.add(mark.step());
    }

    @Override
    public Mono<Job> brief() {
        return briefing.get();
    }

    @Override
    public LeaseTerm term() {
        return first;
    }

    @Override
    public String handle() {
        return "{}";
    }

    @Override
    public Duration heartbeatCap() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Mono<HeartbeatReply> heartbeat() {
        return Mono.defer(() -> {
            beatsAt.add(clock.nanos());
            return beat.get();
        });
    }

    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        return plan.of(document);
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) {
        return compose.apply(document, references);
    }

    @Override
    public Duration reportTimeout(Outcome outcome) {
        return reportTimeout.apply(outcome);
    }

    @Override
    public Mono<SettleReply> settle(Outcome outcome) {
        return Mono.defer(() -> {
            settled.add(outcome);
            return settle.apply(outcome);
        });
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
        return Mono.fromCallable(() -> {
            signed++;
            return List.of();
        });
    }

    /** {@link Lease#plan}. */
    @FunctionalInterface
    public interface Planner {
        List<ArtifactRequest> of(String document) throws InvalidResultException;
    }
}
