package dev.coxswain.executors.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.JobKeys;
import dev.coxswain.executors.Opening;
import dev.coxswain.executors.OwnedExecutor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.exec.OwnNames;
import dev.coxswain.executors.exec.SupervisorId;
import dev.coxswain.executors.files.WorkDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs commands in containers of an engine on this host, Docker or podman: one for each job, made at its first command and
 * removed at its end, and each command as an exec in it. The engine is first spoken to when something is opened or reaped.
 */
public final class ContainerExecutor implements OwnedExecutor {
    private static final Logger log = LoggerFactory.getLogger(ContainerExecutor.class);
    /** Calls that may wait for a thread; more than any fleet has slots. */
    private static final int QUEUED = 100_000;
    private static final int IDLE_SECONDS = 60;
    private static final int REMOVED_AT_ONCE = 8;
    private static final Duration FIRST_LOOK = Duration.ofSeconds(15);
    private static final Duration FOR_EVER = Duration.ofDays(10_000);
    private static final long CLOSED_WITHIN_SECONDS = 10;

    private final ContainerConfig config;
    private final Engine engine;
    private final JobFolders folders;
    private final Scheduler timer;
    private final Scheduler disk = Schedulers.newBoundedElastic(
            Math.max(4, Runtime.getRuntime().availableProcessors()), QUEUED, "cox-container-files", IDLE_SECONDS, true);
    private final AtomicInteger running = new AtomicInteger();
    private final Set<ContainerWorkspace> open = ConcurrentHashMap.newKeySet();
    private final Disposable.Swap disconnecting = Disposables.swap();
    private final Mono<Known> known;

    /**
     * @param environment the supervisor's own; of it only {@code XDG_RUNTIME_DIR} is looked at, for the socket
     * @param timer for grace and time limits; not disposed by {@link #close()}
     */
    public ContainerExecutor(ContainerConfig config, Map<String, String> environment, Scheduler timer) {
        Path socket = Objects.requireNonNullElseGet(config.socket(), () -> EngineSocket.usual(environment));
        this.config = config;
        this.timer = timer;
        this.engine = new Engine(socket, timer);
        this.folders = new JobFolders(config.workDir(), socket);
        this.known = Mono.fromCallable(() -> new ContainerNames(SupervisorId.in(config.stateDir(), "containers")))
                .subscribeOn(disk)
                .flatMap(this::sweep)
                .onErrorMap(e -> EngineTrouble.told("cannot look for containers of a former life", socket, e))
                .cache(done -> FOR_EVER, e -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * What is to be known before anything is opened.
     *
     * @param user who a job is
     * @param reaped what a former life left
     */
    private record Known(ContainerNames names, JobUser user, Reaped reaped) {}

    @Override
    public String kind() {
        return "container";
    }

    @Override
    public int running() {
        return running.get();
    }

    @Override
    public Mono<Workspace> open(String jobKey) {
        return Mono.fromRunnable(() -> JobKeys.requireSafe(jobKey)).then(known)
                .flatMap(now -> Opening.on(disk, () -> workspace(now, jobKey), ContainerWorkspace::discard));
    }

    private ContainerWorkspace workspace(Known now, String jobKey) {
        JobFolders.Of place = folders.make(jobKey, now.user().owner());
        String name = now.names().container(jobKey);
        JobContainer container = new JobContainer(engine, config, name, ContainerForm.of(engine, config, now.names(),
                jobKey, now.user().name(), place.root(), place.marks()), timer);
        ContainerWorkspace made = new ContainerWorkspace(container,
                new ExecForms(engine, name, place.root(), place.marks()), place,
                now.user().owner(), jobKey, config.limits().memoryBytes() > 0, disk, timer, running, open::remove);
        open.add(made);
        return made;
    }

    @Override
    public Mono<Reaped> reap() {
        // an engine that does not answer holds up nobody else's start: the next job asks again
        return known.map(Known::reaped).timeout(FIRST_LOOK, timer).onErrorResume(e -> {
            log.warn("{}; nothing is run in containers before that is done", EngineTrouble.told(
                    "cannot look for containers of a former life", engine.socket(), e).getMessage());
            return Mono.just(new Reaped(0, 0));
        });
    }

    /** Removes the containers that another life of this supervisor left, then their folders. */
    private Mono<Known> sweep(ContainerNames names) {
        Mono<List<Engine.Listed>> left = engine.list(ContainerNames.SUPERVISOR, names.supervisor())
                .map(all -> all.stream().filter(
                        each -> !OwnNames.THIS_LIFE.equals(each.labels().get(ContainerNames.LIFE))).toList());
        return left.flatMap(all -> Flux.fromIterable(all).flatMap(each -> engine.remove(each.id()), REMOVED_AT_ONCE)
                .then(Mono.fromCallable(folders::removeLeftovers).subscribeOn(disk))
                .map(workspaces -> told(new Reaped((int) all.stream().filter(Engine.Listed::running).count(),
                        workspaces), all.size())))
                .zipWhen(reaped -> engine.isRootless().flatMap(rootless -> Mono.fromCallable(
                        () -> JobUser.of(WorkDir.make(config.workDir()), rootless, config.runAsUser()))
                        .subscribeOn(disk)), (reaped, user) -> new Known(names, user, reaped));
    }

    private Reaped told(Reaped reaped, int containers) {
        if (containers > 0 || reaped.workspaces() > 0) {
            log.info("a former life left {} containers and {} workspaces in {}: ended and removed", containers,
                    reaped.workspaces(), config.workDir());
        }
        return reaped;
    }

    @Override
    public Mono<Void> retire() {
        return engine.disconnect().then(disk.disposeGracefully()).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public void close() {
        List<Mono<Void>> removals = open.stream().map(ContainerWorkspace::container).map(JobContainer::abandoned)
                .filter(Objects::nonNull).toList();
        try {
            Mono.whenDelayError(removals).toFuture().get(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("containers stay, the next start removes them: {}", EngineTrouble.message(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disk.dispose();
        disconnecting.update(engine.disconnect().subscribe(none -> {},
                e -> log.warn("connections to the engine stay: {}", EngineTrouble.message(e))));
    }
}
