package dev.coxswain.executors.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.ExecFrame;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** A pod of one job, and the commands that were started in it. */
final class PodWorkspace implements Workspace {
    static final String STOPPED = "the command was stopped before it started";

    private static final Logger log = LoggerFactory.getLogger(PodWorkspace.class);
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(5);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(60);
    private static final int DELETE_TRIES = 3;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final PodLife life;
    private final String pod;
    private final String jobKey;
    private final String marks;
    private final PodPaths paths;
    private final PodFiles files;
    private final Scheduler timer;
    private final AtomicInteger running;
    private final Set<PodCommand> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commands = new AtomicInteger();
    private final Mono<Void> destroyed;
    private final Mono<Void> end;
    private volatile @Nullable Stop stopped;

    /**
     * @param mount where the volume is in the pod
     * @param running counts commands
     * @param closed done at the end
     */
    PodWorkspace(Cluster cluster, PodLife life, String pod, String jobKey, String mount, LocalCopies copies,
            KubernetesConfig config, Scheduler disk, Scheduler timer, AtomicInteger running, Runnable closed) {
        this.cluster = cluster;
        this.life = life;
        this.pod = pod;
        this.jobKey = jobKey;
        this.marks = mount + "/.cox";
        this.paths = new PodPaths(mount + "/" + jobKey);
        this.files = new PodFiles(cluster, pod, paths, copies, config.limits().diskBytes(), disk);
        this.timer = timer;
        this.running = running;
        // cached, so that each runs once and to its end, whoever waits for it or stops waiting
        this.destroyed = Mono.defer(this::delete).cache();
        this.end = Mono.defer(() -> stop(Stop.KILL).timeout(KILLED_WITHIN, timer)).onErrorComplete()
                .then(destroyed).then(Mono.fromRunnable(copies::remove).subscribeOn(disk)).then()
                .onErrorResume(e -> {
                    log.error("the pod {} of job {} can't be deleted; its lifetime ends it, or the next start: {}", pod,
                            jobKey, ApiTrouble.told("it stays", cluster.namespace(), e).getMessage());
                    return Mono.empty();
                }).doOnTerminate(closed).cache();
    }

    private Mono<Void> delete() {
        Mono<Void> seen = cluster.get(pod).hasElement().filter(there -> !there)
                .repeatWhenEmpty(rounds -> rounds.delayElements(LOOK_AGAIN, timer)).then();
        // a server that is away for a moment must not leave a pod behind
        return cluster.delete(pod).retryWhen(Retry.backoff(DELETE_TRIES, LOOK_AGAIN).scheduler(timer))
                .then(Mono.firstWithSignal(life.gone(), seen.delaySubscription(LOOK_AGAIN, timer)))
                .timeout(GONE_WITHIN, timer);
    }

    /** Makes the folder and looks whether the image will do. */
    Mono<Void> setUp(String image) {
        return files.setUp(marks, image);
    }

    PodPaths paths() {
        return paths;
    }

    String marks() {
        return marks;
    }

    String pod() {
        return pod;
    }

    Flux<ExecFrame> exec(String program) {
        return cluster.exec(pod, program, Flux.empty());
    }

    /** Fails when the pod ends under its commands. */
    Mono<Void> ended() {
        return life.over().flatMap(why -> Mono.error(new ExecBrokenException(why, null)));
    }

    /** Ends the pod with all that is in it; completes when it is gone. */
    Mono<Void> destroy() {
        return destroyed;
    }

    /** Fails with what became of the pod under a command; after that nothing of the command is alive. */
    Mono<CommandEvent> lost(String program, boolean started, Throwable why) {
        String said = (started ? program + " was running" : program + " was being started")
                + ", and it is not known what became of it: ";
        return cluster.get(pod).map(PodState::of).map(state -> switch (state) {
            case PodState.Over(String ended) -> "the pod has ended: " + ended;
            case PodState.Hopeless(String hopeless) -> "the pod does not run: " + hopeless;
            case PodState.Starting(String waits) -> "the pod does not run: " + waits;
            case PodState.Running now -> "the connection to the pod is lost (" + why.getMessage()
                    + "); the pod was deleted";
        }).defaultIfEmpty("the pod is gone: it was deleted, or its node was")
                .onErrorResume(
                        e -> Mono.just("neither the command nor the API server answers (" + why.getMessage() + ")"))
                .flatMap(reason -> destroy().onErrorComplete()
                        .then(Mono.error(new WorkspaceException(said + reason, why))));
    }

    @Override
    public String pathOf(String relative) {
        return paths.absolute(relative);
    }

    @Override
    public Flux<CommandEvent> run(Command command) {
        return Flux.defer(() -> {
            String id = String.format(Locale.ROOT, "%s.%06d", jobKey, commands.incrementAndGet());
            PodCommand run = new PodCommand(this, id, command, timer, this::forget);
            Flux<CommandEvent> events = run.events();
            running.incrementAndGet();
            runs.add(run);
            // after it is in the list: a stop either finds it there or is seen here
            if (stopped != null) {
                forget(run);
                return Flux.error(new WorkspaceException(STOPPED));
            }
            return events;
        });
    }

    private void forget(PodCommand run) {
        if (runs.remove(run)) {
            running.decrementAndGet();
        }
    }

    @Override
    public Mono<Void> write(String relative, byte[] content) {
        return files.write(relative, content);
    }

    @Override
    public Mono<Void> folder(String relative) {
        return files.folder(relative);
    }

    @Override
    public Mono<byte[]> read(String relative, int maxBytes) {
        return files.read(relative, maxBytes);
    }

    @Override
    public Mono<Path> localFile(String relative) {
        return files.copy(relative);
    }

    @Override
    public Flux<Entry> list(String folder) {
        return files.list(folder, MOST_ENTRIES);
    }

    @Override
    public Mono<Void> place(String relative, Path local) {
        return files.place(relative, local);
    }

    @Override
    public Mono<Void> wipe(String relative) {
        return files.wipe(relative);
    }

    @Override
    public Mono<Void> stop(Stop how) {
        return Mono.defer(() -> {
            stopped = how;
            List<PodCommand> now = List.copyOf(runs);
            now.forEach(run -> run.stop(how));
            return Mono.whenDelayError(now.stream().map(PodCommand::dead).toList());
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            stopped = Stop.KILL;
            return end;
        });
    }
}
