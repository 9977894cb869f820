package dev.coxswain.executors.kubernetes;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.exec.ExecFrame;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The calls to the API server that this executor makes, each on a thread that may wait. */
final class Cluster implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(20);
    private static final int CONFLICT = 409;
    private static final int CREATE_TRIES = 5;
    private static final Duration CREATE_AGAIN = Duration.ofMillis(200);

    private final Supplier<KubernetesClient> maker;
    private final String namespace;
    private final Scheduler calls;
    private @Nullable KubernetesClient client;
    private boolean closed;

    /**
     * @param maker reads the access to the cluster when it is first needed; may block
     * @param calls bounded
     */
    Cluster(Supplier<KubernetesClient> maker, String namespace, Scheduler calls) {
        this.maker = maker;
        this.namespace = namespace;
        this.calls = calls;
    }

    String namespace() {
        return namespace;
    }

    /** Blocks the first time. */
    synchronized KubernetesClient client() {
        if (closed) {
            throw new IllegalStateException("the executor is closed");
        }
        KubernetesClient made = client == null ? maker.get() : client;
        client = made;
        return made;
    }

    /**
     * Makes a pod. A repetition that finds what the first attempt made is a success. Where many are made at the same time, a
     * quota of the namespace is contended for, and the server asks to try again.
     */
    Mono<Void> create(Pod pod) {
        return call(() -> made(pod)).retryWhen(Retry.backoff(CREATE_TRIES, CREATE_AGAIN).scheduler(calls)
                .filter(ContendedException.class::isInstance)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .onErrorMap(ContendedException.class, contended -> contended.refused).then();
    }

    private boolean made(Pod pod) {
        try {
            client().pods().inNamespace(namespace).resource(pod).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            Pod there = find(pod.getMetadata().getName());
            if (there == null) {
                throw new ContendedException(e);
            }
            if (!PodNames.isSame(there, pod)) {
                throw e;
            }
        }
        return true;
    }

    /** A conflict, and not about the pod's name. */
    private static final class ContendedException extends RuntimeException {
        private final KubernetesClientException refused;

        ContendedException(KubernetesClientException refused) {
            super(refused);
            this.refused = refused;
        }
    }

    /** Empty when there is none. */
    Mono<Pod> get(String pod) {
        return call(() -> find(pod));
    }

    private @Nullable Pod find(String pod) {
        return client().pods().inNamespace(namespace).withName(pod).get();
    }

    /** All with this value of {@link PodNames#SUPERVISOR}. */
    Mono<List<Pod>> list(String supervisor) {
        return call(() -> client().pods().inNamespace(namespace).withLabel(PodNames.MANAGED_BY, PodNames.MANAGER)
                .withLabel(PodNames.SUPERVISOR, supervisor).list().getItems());
    }

    /** Asks for its end; one that is gone is no failure. */
    Mono<Void> delete(String pod) {
        return call(() -> {
            deleteNow(pod);
            return true;
        }).then();
    }

    /**
     * Blocks. With its own second of grace and not with none: the cluster would then forget the pod before anything of it is
     * dead.
     */
    void deleteNow(String pod) {
        client().pods().inNamespace(namespace).withName(pod).delete();
    }

    /** The last warning that was recorded of a pod, empty when there is none or we may not look. */
    Mono<String> warning(String pod) {
        return call(() -> {
            List<Event> events = client().v1().events().inNamespace(namespace)
                    .withField("involvedObject.name", pod).list().getItems();
            return events.stream().filter(event -> "Warning".equals(event.getType()) && event.getMessage() != null)
                    .reduce((first, second) -> second)
                    .map(event -> event.getReason() + ": " + PodState.line(event.getMessage())).orElse("");
        }).onErrorReturn("");
    }

    /**
     * Runs a program of ours in a pod. Cold; its output comes as it is demanded. Cancelling closes the connection, which ends
     * nothing in the pod. Fails with an {@link ExecBrokenException} when it is not known what became of it.
     *
     * @param input what the program reads
     */
    Flux<ExecFrame> exec(String pod, String program, Flux<byte[]> input) {
        return Flux.<ExecFrame>create(sink -> {
            ExecCall call = new ExecCall(sink, Flux.concat(Mono.just(ShellText.framed(program)), input), calls);
            KubernetesClient to = client();
            call.begin(to.getHttpClient().newWebSocketBuilder().uri(execUri(to, pod)).connectTimeout(
                    CONNECT_WITHIN.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS));
        }, FluxSink.OverflowStrategy.ERROR).subscribeOn(calls, false);
    }

    private URI execUri(KubernetesClient to, String pod) {
        StringBuilder uri = new StringBuilder(to.getConfiguration().getMasterUrl());
        if (uri.charAt(uri.length() - 1) != '/') {
            uri.append('/');
        }
        uri.append("api/v1/namespaces/").append(namespace).append("/pods/").append(pod).append("/exec?container=")
                .append(PodForm.CONTAINER).append("&stdin=true&stdout=true&stderr=true&tty=false");
        Stream.of("/bin/sh", "-c", ShellText.BOOT).forEach(argument -> uri.append("&command=")
                .append(URLEncoder.encode(argument, StandardCharsets.UTF_8).replace("+", "%20")));
        return URI.create(uri.toString());
    }

    <T> Mono<T> call(Callable<? extends @Nullable T> action) {
        return Mono.<T>fromCallable(action).subscribeOn(calls);
    }

    /** Blocks. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
