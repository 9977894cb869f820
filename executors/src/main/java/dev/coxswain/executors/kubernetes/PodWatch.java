package dev.coxswain.executors.kubernetes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.exec.OwnNames;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import reactor.core.publisher.Mono;

/** One watch for all pods of an executor; it is taken up again whenever it ends. */
final class PodWatch implements ResourceEventHandler<Pod>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PodWatch.class);

    private final Cluster cluster;
    private final Map<String, PodLife> followed = new ConcurrentHashMap<>();
    private @Nullable SharedIndexInformer<Pod> informer;

    PodWatch(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Has this life told what the cluster says of a pod from now on. */
    void follow(String pod, PodLife life) {
        followed.put(pod, life);
    }

    void forget(String pod) {
        followed.remove(pod);
    }

    /** Begins to look, once; what it can't see now it sees later. */
    Mono<Void> begin(String supervisor) {
        return cluster.call(() -> {
            start(supervisor);
            return true;
        }).then();
    }

    private synchronized void start(String supervisor) {
        if (informer != null) {
            return;
        }
        SharedIndexInformer<Pod> made = cluster.client().pods().inNamespace(cluster.namespace())
                .withLabel(PodNames.SUPERVISOR, supervisor).withLabel(PodNames.LIFE, OwnNames.THIS_LIFE)
                .runnableInformer(0).addEventHandler(this).exceptionHandler((started, e) -> {
                    log.warn("pods in {} can't be watched, trying again: {}", cluster.namespace(), e.toString());
                    return true;
                });
        informer = made;
        made.start().whenComplete((done, e) -> {
            if (e != null) {
                log.warn("the watch of pods in {} has ended: {}", cluster.namespace(), e.toString());
            }
        });
    }

    @Override
    public void onAdd(Pod pod) {
        PodLife life = followed.get(pod.getMetadata().getName());
        if (life != null) {
            life.saw(PodState.of(pod));
        }
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
        onAdd(now);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        PodLife life = followed.get(pod.getMetadata().getName());
        if (life != null) {
            life.deleted();
        }
    }

    @Override
    public synchronized void close() {
        if (informer != null) {
            informer.stop();
            informer = null;
        }
    }
}
