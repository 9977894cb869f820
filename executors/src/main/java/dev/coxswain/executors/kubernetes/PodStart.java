package dev.coxswain.executors.kubernetes;

import java.util.concurrent.TimeoutException;

import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The way of one pod from the wish for it until commands can run in it, or until it is gone again. */
final class PodStart {
    /** How far it has come; guarded by {@code this}. */
    private enum Stage {
        /** nothing was asked of the cluster, and nothing is any more */
        NOTHING,
        /** it can still be asked for */
        NEW,
        /** the cluster was asked to make it, and may have */
        ASKED
    }

    private final Cluster cluster;
    private final PodWatch watch;
    private final PodLife life;
    private final PodWorkspace workspace;
    private final KubernetesConfig config;
    private final Scheduler calls;
    private final Scheduler timer;
    private final Mono<Void> created;
    private final Mono<Void> begun;
    private Stage stage = Stage.NEW;

    /**
     * @param names of this supervisor's pods
     * @param calls bounded, where the look at a pod that is ready goes on
     */
    PodStart(Cluster cluster, PodWatch watch, PodForm form, PodNames names, PodLife life, PodWorkspace workspace,
            String jobKey, KubernetesConfig config, Scheduler calls, Scheduler timer) {
        this.cluster = cluster;
        this.watch = watch;
        this.life = life;
        this.workspace = workspace;
        this.config = config;
        this.calls = calls;
        this.timer = timer;
        // cached: a cancel does not take a request back that may have been carried out, and what it made is deleted
        this.created = cluster.create(form.of(names, jobKey)).cache();
        this.begun = watch.begin(names.supervisor());
        watch.follow(workspace.pod(), life);
    }

    PodWorkspace workspace() {
        return workspace;
    }

    /** Emits when commands can run in it; fails with what holds it up, after what was made is gone. Once only. */
    Mono<PodWorkspace> ready() {
        return begun.then(Mono.defer(() -> move(Stage.NEW, Stage.ASKED) ? created : Mono.never()))
                .onErrorResume(this::notCreated)
                .then(Mono.defer(() -> running().onErrorResume(this::discarded)))
                .then(Mono.defer(() -> workspace.setUp(config.image()).onErrorResume(this::discarded)))
                .thenReturn(workspace);
    }

    /** Completes when there is nothing of it, whether it was ready or not. Safe to repeat. */
    Mono<Void> end() {
        return Mono.defer(() -> {
            move(Stage.NEW, Stage.NOTHING);
            if (mayBeThere()) {
                return created.onErrorComplete().then(workspace.close());
            }
            watch.forget(workspace.pod());
            return Mono.empty();
        });
    }

    /** Asks for the pod's end, without waiting. Blocks. */
    void deleteNow() {
        if (mayBeThere()) {
            cluster.deleteNow(workspace.pod());
        }
    }

    private synchronized boolean mayBeThere() {
        return stage == Stage.ASKED;
    }

    private synchronized boolean move(Stage from, Stage to) {
        boolean moves = stage == from;
        stage = moves ? to : stage;
        return moves;
    }

    private Mono<Void> notCreated(Throwable e) {
        if (ApiTrouble.certain(e)) {
            move(Stage.ASKED, Stage.NOTHING);
        }
        return discarded(ApiTrouble.told("cannot make the pod " + workspace.pod(), config.namespace(), e));
    }

    private Mono<Void> discarded(Throwable e) {
        return end().then(Mono.error(e));
    }

    /** Completes when commands can run in it; fails with what holds it up. */
    private Mono<Void> running() {
        String failed = "the pod " + workspace.pod() + " does not start: ";
        return life.running().publishOn(calls).timeout(config.readyWithin(), timer)
                .onErrorResume(TimeoutException.class, e -> late())
                .onErrorMap(WorkspaceException.class, e -> new WorkspaceException(failed + e.getMessage(), e));
    }

    /** Its time is over, or the watch saw nothing of it: the cluster is asked. */
    private Mono<Void> late() {
        String pod = workspace.pod();
        return cluster.get(pod).map(PodState::of).defaultIfEmpty(new PodState.Over("it was deleted"))
                .onErrorMap(e -> ApiTrouble.told("its state is not known", config.namespace(), e))
                .flatMap(state -> switch (state) {
                    case PodState.Running now -> Mono.empty();
                    case PodState.Hopeless(String why) -> Mono.error(new WorkspaceException(why));
                    case PodState.Over(String why) -> Mono.error(new WorkspaceException(why));
                    case PodState.Starting(String waits) -> cluster.warning(pod)
                            .flatMap(warning -> Mono.error(new WorkspaceException("it is not ready after "
                                    + config.readyWithin().toSeconds() + " s: " + waits
                                    + (warning.isEmpty() || waits.contains(warning) ? "" : " (" + warning + ")"))));
                });
    }
}
