package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.JobKeys;
import dev.coxswain.executors.OwnedExecutor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.OwnNames;
import dev.coxswain.executors.exec.SupervisorId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs commands in pods: one for each job, made when the job first needs it and deleted at its end, and each command as an exec
 * in it. The cluster is first spoken to then, or when something is reaped.
 */
public final class KubernetesExecutor implements OwnedExecutor {
    private static final Logger log = LoggerFactory.getLogger(KubernetesExecutor.class);
    private static final int CALLS = 16;
    /** Calls that may wait for a thread; more than any fleet has slots. */
    private static final int QUEUED = 100_000;
    private static final int IDLE_SECONDS = 60;
    private static final int DELETED_AT_ONCE = 8;
    private static final Duration LEFTOVERS_GONE_WITHIN = Duration.ofMinutes(2);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final KubernetesConfig config;
    private final Cluster cluster;
    private final PodForm form;
    private final PodWatch watch;
    private final Scheduler timer;
    private final Scheduler calls = Schedulers.newBoundedElastic(CALLS, QUEUED, "cox-pods", IDLE_SECONDS, true);
    private final Scheduler disk = Schedulers.newBoundedElastic(4, QUEUED, "cox-pod-files", IDLE_SECONDS, true);
    private final String mount;
    private final AtomicInteger running = new AtomicInteger();
    private final Map<String, LateWorkspace> open = new ConcurrentHashMap<>();
    private final Mono<Reaped> reaped;
    /** What pods are called; emits when nothing of a former life is left. */
    private final Mono<PodNames> swept;

    /**
     * @param environment the supervisor's own; of it only {@code POD_NAME}, {@code POD_UID} and {@code POD_NAMESPACE} are
     *        looked at: pods get nothing of it
     * @param timer for grace and time limits; not disposed by {@link #close()}
     */
    public KubernetesExecutor(KubernetesConfig config, Map<String, String> environment, Scheduler timer) {
        this(config, environment, timer, KubernetesExecutor::client, "/coxswain");
    }

    /**
     * @param client opens the access to the cluster; may block
     * @param mount where the workspace's volume is mounted in a pod
     */
    KubernetesExecutor(KubernetesConfig config, Map<String, String> environment, Scheduler timer,
            Supplier<KubernetesClient> client, String mount) {
        this.config = config;
        this.timer = timer;
        this.mount = mount;
        this.cluster = new Cluster(client, config.namespace(), calls);
        this.form = new PodForm(config, environment, mount);
        this.watch = new PodWatch(cluster);
        Mono<PodNames> names = cluster.call(() -> new PodNames(SupervisorId.in(config.stateDir(), "pods"))).cache(
                found -> Duration.ofDays(10_000), e -> Duration.ZERO, () -> Duration.ZERO);
        this.reaped = names.flatMap(this::sweep).cache(done -> Duration.ofDays(10_000), e -> Duration.ZERO,
                () -> Duration.ZERO);
        this.swept = reaped.then(names).onErrorMap(
                e -> ApiTrouble.told("cannot look for pods of a former life", config.namespace(), e));
    }

    /** As the kubeconfig or the service account of this process has it. Each failed call is repeated three times. */
    private static KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(tuned(new ConfigBuilder())).build();
    }

    static io.fabric8.kubernetes.client.Config tuned(ConfigBuilder builder) {
        return builder.withRequestRetryBackoffLimit(3).withRequestRetryBackoffInterval(200)
                .withConnectionTimeout(10_000).withRequestTimeout(20_000).withOnlyHttpWatches(true).build();
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public int running() {
        return running.get();
    }

    @Override
    public Mono<Workspace> open(String jobKey) {
        return Mono.fromCallable(() -> {
            JobKeys.requireSafe(jobKey);
            PodPaths paths = new PodPaths(mount + "/" + jobKey);
            LateWorkspace workspace = new LateWorkspace(paths, swept, known -> prepare(known, jobKey),
                    () -> open.remove(jobKey));
            if (open.putIfAbsent(jobKey, workspace) != null) {
                throw new WorkspaceException("a workspace of the job " + jobKey + " is open already");
            }
            return workspace;
        });
    }

    private PodStart prepare(PodNames known, String jobKey) {
        String pod = known.pod(jobKey);
        PodLife life = new PodLife();
        PodWorkspace workspace = new PodWorkspace(cluster, life, pod, jobKey, mount,
                new LocalCopies(copies().resolve(OwnNames.THIS_LIFE).resolve(jobKey)), config, disk, timer, running,
                () -> watch.forget(pod));
        return new PodStart(cluster, watch, form, known, life, workspace, jobKey, config, calls, timer);
    }

    @Override
    public Mono<Reaped> reap() {
        // a cluster that does not answer holds up nobody else's start: the attempt goes on, and pods wait for it
        return reaped.timeout(FIRST_LOOK, timer).onErrorResume(e -> {
            log.warn("{}; nothing is run in pods of {} before that is done",
                    ApiTrouble.told("cannot look for pods of a former life", config.namespace(), e).getMessage(),
                    config.namespace());
            return Mono.just(new Reaped(0, 0));
        });
    }

    /** Deletes the pods that another life of this supervisor left, and waits until they are gone. */
    private Mono<Reaped> sweep(PodNames known) {
        Mono<List<Pod>> left = cluster.list(known.supervisor()).map(pods -> pods.stream()
                .filter(pod -> !OwnNames.THIS_LIFE.equals(pod.getMetadata().getLabels().get(PodNames.LIFE))).toList());
        return left.flatMap(pods -> Flux.fromIterable(pods)
                .flatMap(pod -> cluster.delete(pod.getMetadata().getName()), DELETED_AT_ONCE)
                .then(left.filter(List::isEmpty)
                        .repeatWhenEmpty(rounds -> rounds.delayElements(LOOK_AGAIN, timer))
                        .timeout(LEFTOVERS_GONE_WITHIN, timer).onErrorMap(TimeoutException.class,
                                e -> new WorkspaceException("pods of a former life are still there", e)))
                .then(Mono.fromCallable(this::removeOldCopies).subscribeOn(disk))
                .thenReturn(new Reaped(0, pods.size())));
    }

    private Path copies() {
        return config.workDir().resolve(".pods");
    }

    private boolean removeOldCopies() throws IOException {
        if (Files.isDirectory(copies())) {
            try (DirectoryStream<Path> lives = Files.newDirectoryStream(copies())) {
                for (Path old : lives) {
                    if (!old.endsWith(OwnNames.THIS_LIFE)) {
                        LocalCopies.remove(old);
                    }
                }
            }
        }
        return true;
    }

    @Override
    public Mono<Void> retire() {
        return Mono.fromRunnable(this::disconnect)
                .then(Mono.when(calls.disposeGracefully(), disk.disposeGracefully()))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void disconnect() {
        watch.close();
        cluster.close();
    }

    @Override
    public void close() {
        open.forEach((jobKey, workspace) -> {
            try {
                workspace.closeNow();
            } catch (RuntimeException e) {
                log.warn("the pod of job {} stays, its lifetime ends it, or the next start: {}", jobKey, e.toString());
            }
        });
        disconnect();
        calls.dispose();
        disk.dispose();
    }
}
