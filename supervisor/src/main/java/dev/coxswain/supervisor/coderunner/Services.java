package dev.coxswain.supervisor.coderunner;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Keeps deployments of type 4 running, as long as they are wanted (contract section 8). */
final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);
    /** How long requests under way may take when a deployment is replaced or stopped. */
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration STRAGGLERS = Duration.ofSeconds(1);

    private final Store store;
    private final ServiceRuns runs;
    private final FleetClock clock;
    private final Scheduler timer;
    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Services(Store store, ServiceRuns runs, FleetClock clock, Scheduler timer) {
        this.store = store;
        this.runs = runs;
        this.clock = clock;
        this.timer = timer;
    }

    /** Starts all that are wanted, whatever was running. */
    Mono<Void> start() {
        return store.read(sql -> DeploymentRows.wanted(sql, DeploymentType.DEPLOYMENT))
                .doOnNext(wanted -> wanted.forEach(this::keep)).then();
    }

    /** Keeps this one running from now on. */
    void keep(Deployment deployment) {
        if (stopped) {
            return;
        }
        Kept it = new Kept();
        if (kept.putIfAbsent(deployment.id(), it) == null) {
            it.loop.replace(runs.keep(deployment, it.live::set, live -> ready(deployment, it, live))
                    .subscribe(done -> {}, e -> LOG.error("a deployment is not kept running any more: deployment={}",
                            deployment.id(), e)));
        }
    }

    /** It answers: from now on requests go there, and what it replaces has nothing more to do. */
    private Mono<Void> ready(Deployment deployment, Kept it, Live live) {
        return store.write(sql -> DeploymentRows.activate(sql, deployment, clock.now())).doOnNext(replaced -> {
            it.live.set(live);
            LOG.info("deployment is ready: deployment={}", deployment.id());
            replaced.forEach(older -> letGo(older.id()));
        }).then();
    }

    /** Where requests to a deployment go, or null when it can take none now. */
    @Nullable
    Live live(UUID deployment) {
        Kept it = kept.get(deployment);
        return it == null ? null : it.live.get();
    }

    /** Stops keeping it: new requests go elsewhere, those under way end first, then its process is stopped. */
    void letGo(UUID deployment) {
        Kept it = kept.get(deployment);
        if (it == null) {
            return;
        }
        Live last = it.live.get();
        // whoever has found it in the store a moment ago shall still find it here
        Mono<Void> unused = last == null
                ? Mono.empty()
                : Mono.delay(STRAGGLERS, timer).then(last.idle().timeout(DRAIN, Mono.empty(), timer));
        // the loop ends first, or it would start the service again
        it.ending.replace(unused.then(Mono.fromRunnable(() -> {
            kept.remove(deployment);
            it.loop.dispose();
        })).then(Mono.defer(() -> runs.end(deployment)))
                .subscribe(done -> {}, e -> LOG.error("a deployment was not stopped: deployment={}", deployment, e)));
    }

    /** Stops all, at once; they stay wanted. Completes when their runners have been told. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            stopped = true;
            List<UUID> all = List.copyOf(kept.keySet());
            all.forEach(id -> {
                Kept it = kept.remove(id);
                if (it != null) {
                    it.live.set(null);
                    it.ending.dispose();
                    it.loop.dispose();
                }
            });
            return Flux.fromIterable(all).concatMap(runs::end).then();
        });
    }

    /** One deployment that is kept running. */
    private static final class Kept {
        private final AtomicReference<@Nullable Live> live = new AtomicReference<>();
        private final Disposable.Swap loop = Disposables.swap();
        private final Disposable.Swap ending = Disposables.swap();
    }

    /** A process that listens. */
    static final class Live {
        private final int port;
        private final UUID execution;
        private final AtomicInteger requests = new AtomicInteger();
        private final Sinks.Many<Integer> changes = Sinks.many().multicast().directBestEffort();

        Live(int port, UUID execution) {
            this.port = port;
            this.execution = execution;
        }

        int port() {
            return port;
        }

        UUID execution() {
            return execution;
        }

        /** The request, counted as long as it is under way. */
        Mono<Void> used(Mono<Void> request) {
            return Mono.defer(() -> {
                requests.incrementAndGet();
                return request.doFinally(end -> changes.emitNext(requests.decrementAndGet(),
                        Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1))));
            });
        }

        /** Completes when no request is under way. */
        Mono<Void> idle() {
            return changes.asFlux().startWith(0).filter(change -> requests.get() == 0).next().then();
        }
    }
}
