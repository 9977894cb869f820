package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.function.Runtimes;
import dev.coxswain.supervisor.coderunner.access.Access;
import dev.coxswain.supervisor.coderunner.access.AuthException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * The Coderunner that we serve (contract coderunner): keeps definitions, versions and deployments of user code, and queues its
 * executions for the fleet's runners. Start it before the fleet, {@link #drain} it with the fleet, and stop it after: runners
 * settle through {@link #queue()} until the last one is done.
 */
public final class CoderunnerServer {
    private static final Logger LOG = LoggerFactory.getLogger(CoderunnerServer.class);
    private static final Duration WATCH = Duration.ofSeconds(10);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    /** Uploads, logs and large payloads that may wait for the disk. */
    private static final int MOST_FILE_WORK = 100_000;

    private final CoderunnerConfig config;
    private final HttpClient http;
    private final FleetClock clock;
    private final Scheduler timer;

    private final Scheduler files = Schedulers.newBoundedElastic(4, MOST_FILE_WORK, "coxswain-coderunner-files", 60,
            true);
    private final LoopResources loops = LoopResources.create("coxswain-coderunner",
            Math.max(2, Runtime.getRuntime().availableProcessors()), true);
    private final CodeFolders folders;
    private final Store store;
    private final LogFolder logs;
    private final Executions executions;
    private final Processing processing;
    private final Schedules schedules;
    private final Services services;
    private final Deployments deployments;
    private final Proxy proxy;
    private final HttpListener listener;
    private final HealthRoutes health;
    private final HostSize host;
    private final Disposable.Composite running = Disposables.composite();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<@Nullable FunctionRoutes> functions = new AtomicReference<>();
    private final AtomicReference<@Nullable URI> base = new AtomicReference<>();

    /**
     * Listens nowhere yet, and opens no file.
     *
     * @param stateDir files go to its folder {@code coderunner}
     * @param runtimes the languages of this host
     * @param executor where dependencies are installed
     * @param environment ours; of it installers see how a registry is reached
     * @param http for the JWKS URL
     * @param timer for schedules, pauses and time limits; nothing slow runs there ({@code Schedulers.parallel()})
     * @param completions where callers go on after the store ({@code Schedulers.parallel()})
     * @param remarks how limits are kept on this host, for {@code /health}
     * @param pools told of the connections to services
     */
    public CoderunnerServer(CoderunnerConfig config, Path stateDir, Runtimes runtimes, Executor executor,
            Map<String, String> environment, HttpClient http, HostSize host, FleetClock clock, Scheduler timer,
            Scheduler completions, List<String> remarks, ConnectionProvider.MeterRegistrar pools) {
        this(config, stateDir, runtimes, host, http, clock, timer, completions, remarks, pools,
                files -> new FunctionPreparation(executor, InstallerEnvironment.of(environment), runtimes, files),
                null);
    }

    CoderunnerServer(CoderunnerConfig config, Path stateDir, Runtimes runtimes, HostSize host, HttpClient http,
            FleetClock clock, Scheduler timer, Scheduler completions, List<String> remarks,
            ConnectionProvider.MeterRegistrar pools, Function<Scheduler, Preparation> preparation,
            @Nullable Function<Integer, Mono<Boolean>> listens) {
        this.config = config;
        this.http = http;
        this.clock = clock;
        this.timer = timer;
        this.host = host;
        this.folders = new CodeFolders(stateDir.resolve("coderunner"));
        this.store = new Store(folders.store(), completions);
        this.logs = new LogFolder(folders.logs(), files, clock);
        CoderunnerLimits limits = config.limits();
        this.executions = new Executions(store, files, folders, logs, limits, clock, completions);
        this.processing = new Processing(store, folders, files, limits.archive(), preparation.apply(files),
                timer);
        this.schedules = new Schedules(store, executions, limits, clock, timer, files);
        this.services = new Services(store, new ServiceRuns(store, executions, new Ports(), files, clock,
                timer, listens == null ? ServiceRuns.byConnecting(loops) : listens), clock, timer);
        this.deployments = new Deployments(store, schedules, services, limits, clock);
        this.proxy = new Proxy(loops, pools);
        this.listener = new HttpListener(config, loops);
        this.health = new HealthRoutes(runtimes, remarks, store, executions);
    }

    /** How many executions wait for a runner. */
    public int waiting() {
        return executions.waiting();
    }

    /** What runners lease from. */
    public ExecutionQueue queue() {
        return executions;
    }

    /**
     * Opens the store, takes up what a former life left, and listens; emits the real address. Fails with an
     * {@link AuthException} or a {@link CoderunnerException} that says what to change. Once only.
     */
    public Mono<URI> start() {
        return Mono.defer(() -> {
            if (!started.compareAndSet(false, true)) {
                return Mono.error(new IllegalStateException("the Coderunner server was started before"));
            }
            return Mono.fromCallable(this::access).subscribeOn(files)
                    .flatMap(access -> store.open().then(executions.recover()).then(strays())
                            .then(Mono.fromCallable(() -> router(access)).subscribeOn(files)))
                    .flatMap(router -> listener.start(router::answer)).delayUntil(this::begin)
                    .onErrorMap(e -> e instanceof IOException || e instanceof StoreException,
                            e -> new CoderunnerException(
                                    "controlPlanes." + config.name() + ": " + e.getMessage(), e));
        });
    }

    private Mono<Integer> strays() {
        return store.read(Strays::besides)
                .flatMap(strays -> Mono.fromCallable(() -> strays.removeFrom(folders)).subscribeOn(files));
    }

    private Access access() throws IOException {
        folders.prepare();
        return Access.open(config.auth(), config.host(), http, clock);
    }

    private Router router(Access access) {
        FunctionRoutes calls = new FunctionRoutes(store, access, config.publicEndpoints(),
                config.trustedProxies(),
                new FunctionCalls(executions, config.limits(), timer), services, proxy);
        functions.set(calls);
        return new Router(routes(), calls, access);
    }

    private List<Route> routes() {
        CoderunnerLimits limits = config.limits();
        List<Route> routes = new ArrayList<>();
        routes.addAll(new DefinitionRoutes(store, folders, logs, files, limits, clock).routes());
        routes.addAll(new VersionRoutes(store, folders, files, new Uploads(folders, files, limits.uploadBytes()),
                processing, limits, clock).routes());
        routes.addAll(new DeploymentRoutes(store, deployments, host, new Views(this::publicUrl)).routes());
        routes.addAll(new LogRoutes(store, logs).routes());
        routes.addAll(new ExecutionRoutes(store, executions, limits, timer).routes());
        routes.addAll(health.routes());
        routes.add(new OpenApi().route(routes));
        return routes;
    }

    /** What callers reach it by; never what a request says (trap 8). */
    private URI publicUrl() {
        URI configured = config.publicUrl();
        return configured != null ? configured : Objects.requireNonNull(base.get());
    }

    private Mono<Void> begin(URI address) {
        base.set(address);
        Sweep sweep = new Sweep(store, logs, folders, files, config.limits(), clock);
        running.add(Flux.interval(WATCH, timer).onBackpressureDrop().concatMap(tick -> kept(executions.watch()), 1)
                .subscribe(done -> {}, e -> LOG.error("nobody watches the runners any more", e)));
        running.add(Flux.interval(SWEEP, timer).onBackpressureDrop().concatMap(tick -> kept(sweep.run()), 1)
                .subscribe(done -> {}, e -> LOG.error("nothing old is removed any more", e)));
        return processing.start().then(schedules.start()).then(services.start());
    }

    private static <T> Mono<T> kept(Mono<T> work) {
        return work.onErrorResume(e -> {
            LOG.warn("tried again later: {}", e.getMessage());
            return Mono.empty();
        });
    }

    /**
     * Takes nothing new: function URLs answer 503, schedules rest, and the processes of deployments are asked to stop; they
     * are started again by the next start. Everything else still answers. Safe to repeat.
     */
    public Mono<Void> drain() {
        return Mono.defer(() -> {
            FunctionRoutes calls = functions.get();
            if (calls != null) {
                calls.drain();
            }
            schedules.stop();
            processing.stop();
            return services.stop();
        });
    }

    /** Closes port, connections and store. Safe to repeat. */
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            if (!stopped.compareAndSet(false, true)) {
                return Mono.empty();
            }
            Mono<Void> drained = functions.get() == null ? Mono.empty() : drain();
            return drained.onErrorResume(e -> {
                LOG.warn("not drained: {}", e.getMessage());
                return Mono.empty();
            }).then(Mono.<Void>fromRunnable(running::dispose)).then(listener.stop()).then(proxy.close())
                    .then(loops.disposeLater(Duration.ZERO, CLOSING)).then(store.close())
                    // ending threads takes a lock, which may be waited for
                    .then(Mono.<Void>fromRunnable(files::dispose).subscribeOn(Schedulers.boundedElastic()));
        });
    }
}
