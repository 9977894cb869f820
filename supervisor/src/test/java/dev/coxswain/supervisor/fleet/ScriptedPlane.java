package dev.coxswain.supervisor.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.testing.ScriptedLease;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A control plane that answers as told, and writes down who asked when. */
final class ScriptedPlane implements ControlPlane {
    final ControlPlaneConfig config;
    final List<Asked> asked = new ArrayList<>();
    final List<ScriptedLease> granted = new ArrayList<>();
    private final FleetClock clock;
    Function<String, Mono<LeaseReply>> answer = runner -> noJob();
    Function<LeaseRecord, Lease> restored = record -> {
        throw new IllegalStateException("nothing to restore");
    };
    Runnable onAsk = () -> {};
    int inFlight;
    final Sinks.Many<Integer> arrivals = Sinks.many().multicast().directBestEffort();
    @Nullable
    Duration presenceInterval;
    final List<Present> presences = new ArrayList<>();
    Mono<Void> presenceAnswer = Mono.empty();

    ScriptedPlane(ControlPlaneConfig config, FleetClock clock) {
        this.config = config;
        this.clock = clock;
    }

    static ControlPlaneConfig config(String name, double perSecond, Duration min, Duration max) {
        return new ControlPlaneConfig(name, "xenonflare-studio", URI.create("http://127.0.0.1:1"), perSecond, min, max);
    }

    static Mono<LeaseReply> noJob() {
        return Mono.just(new LeaseReply.NoJob(null));
    }

    static Mono<LeaseReply> down() {
        return Mono.error(new ControlPlaneException.Unavailable("lease: 503", null, null));
    }

    /** A job that takes this long; see {@link FleetBench} for the words. */
    LeaseReply job(String document) {
        String id = "j" + (granted.size() + 1);
        ScriptedLease lease = new ScriptedLease(clock, Duration.ofSeconds(60),
                new Job(config.name() + "-" + id, id, document));
        granted.add(lease);
        return new LeaseReply.Granted(lease);
    }

    long askedBy(String runner) {
        return asked.stream().filter(each -> each.runner().equals(runner)).count();
    }

    List<Long> times() {
        return asked.stream().map(Asked::atNanos).toList();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return Mono.defer(() -> {
            asked.add(new Asked(credential.runner(), clock.nanos()));
            inFlight++;
            onAsk.run();
            return answer.apply(credential.runner()).doOnTerminate(() -> inFlight--).doOnCancel(() -> inFlight--);
        });
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        return restored.apply(record);
    }

    @Override
    public Mono<Void> check(Credential credential) {
        return Mono.empty();
    }

    @Override
    public Flux<Integer> arrivals() {
        return arrivals.asFlux();
    }

    @Override
    public @Nullable Duration presenceInterval() {
        return presenceInterval;
    }

    @Override
    public Mono<Void> present(Credential credential, Presence presence) {
        return Mono.defer(() -> {
            presences.add(new Present(credential.runner(), presence, clock.nanos()));
            return presenceAnswer;
        });
    }

    record Present(String runner, Presence presence, long atNanos) {}

    record Asked(String runner, long atNanos) {}
}
