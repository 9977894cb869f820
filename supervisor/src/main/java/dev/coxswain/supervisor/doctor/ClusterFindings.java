package dev.coxswain.supervisor.doctor;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.doctor.ClusterNeed.Right;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Asks a Kubernetes API server whether this process may do there what a configuration has it do, and changes nothing. Finds the
 * server as every client does: in the pod, in the kubeconfig, in the environment.
 */
public final class ClusterFindings {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Of one call; nothing is tried twice. */
    private static final int CALL_MILLIS = 5_000;
    private static final int MOST_CHARS = 200;
    private static final String ACCESS = "kubernetes access";
    private static final String SERVER = "kubernetes API";

    private final List<ClusterNeed> needs;
    private final Scheduler scheduler;
    private final Callable<Config> access;
    private final Scheduler timer;

    /**
     * Prepares the questions; nothing is asked before {@link #all()}.
     *
     * @param needs what is asked about; with none, nothing is
     * @param scheduler bounded, where the calls are made; one at a time
     */
    public ClusterFindings(List<ClusterNeed> needs, Scheduler scheduler) {
        this(needs, scheduler, () -> Config.autoConfigure(null), Schedulers.parallel());
    }

    /**
     * @param access reads how the server is found; may block
     * @param timer of the limit for all of it
     */
    ClusterFindings(List<ClusterNeed> needs, Scheduler scheduler, Callable<Config> access, Scheduler timer) {
        this.needs = needs.stream().distinct().toList();
        this.scheduler = scheduler;
        this.access = access;
        this.timer = timer;
    }

    /**
     * Whether there is access, whether the server answers, and one finding for each need, up to the first that makes the rest
     * pointless; within 20 s. Never fails because of what it finds; cancelling is safe.
     */
    public Mono<List<Finding>> all() {
        return needs.isEmpty()
                ? Mono.just(List.of())
                : Mono.fromCallable(this::look).subscribeOn(scheduler).timeout(LIMIT, timer)
                        .onErrorResume(TimeoutException.class, late -> Mono.just(List.of(Finding.missing(SERVER,
                                "gave no answers within " + LIMIT.toSeconds() + " s",
                                "check the address in the kubeconfig, and the way to it"))));
    }

    private List<Finding> look() {
        Config found;
        try {
            found = access.call();
        } catch (Exception e) {
            return List.of(Finding.missing(ACCESS, "the kubeconfig can't be read: " + cause(e),
                    "kubectl config view shows whether it is whole"));
        }
        String who = who(found);
        if (who == null) {
            return List.of(Finding.missing(ACCESS, "no context in a kubeconfig, and no service account of a pod",
                    "kubectl config use-context, or KUBECONFIG; in a pod: automountServiceAccountToken: true"));
        }
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok(ACCESS, who)));
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(new ConfigBuilder(found)
                .withRequestTimeout(CALL_MILLIS).withConnectionTimeout(CALL_MILLIS).withRequestRetryBackoffLimit(0)
                .build()).build()) {
            Finding server = server(client);
            findings.add(server);
            if (server.level() == Finding.Level.OK) {
                needs.forEach(need -> findings.add(rights(client, need)));
            }
        }
        return List.copyOf(findings);
    }

    /** By which access the server is found; null when by none. */
    private static @Nullable String who(Config config) {
        if (config.getCurrentContext() != null) {
            return "context " + line(String.valueOf(config.getCurrentContext().getName())) + " of the kubeconfig";
        }
        if (config.getAutoOAuthToken() != null) {
            return "service account of this pod";
        }
        String url = config.getMasterUrl();
        return url == null || url.replaceAll("/$", "").equals(Config.DEFAULT_MASTER_URL)
                ? null
                : "address from the environment";
    }

    private static Finding server(KubernetesClient client) {
        String where = where(client);
        try {
            String version = client.getKubernetesVersion().getGitVersion();
            return version == null
                    ? strange(where)
                    : Finding.ok(SERVER, where + " answers, version " + line(version));
        } catch (KubernetesClientException e) {
            return e.getCode() > 0
                    ? refused(SERVER, where, e)
                    : isOfTheWay(deepest(e)) ? unreachable(where, e) : strange(where);
        } catch (RuntimeException e) {
            return strange(where);
        }
    }

    private static Finding unreachable(String where, KubernetesClientException e) {
        return Finding.missing(SERVER, where + " does not answer: " + cause(e),
                "check the address in the kubeconfig, the way to it, and its certificate authority");
    }

    private static Finding strange(String where) {
        return Finding.missing(SERVER, where + " answers, but not as a Kubernetes API server does",
                "check the address in the kubeconfig, and proxies on the way");
    }

    private static Finding refused(String name, String where, KubernetesClientException e) {
        return Finding.missing(name, where + " answers with status " + e.getCode(),
                e.getCode() == 401
                        ? "the credentials are not valid (any more): renew those of the kubeconfig or of the service account"
                        : "look at the API server and at proxies on the way to it");
    }

    private static Finding rights(KubernetesClient client, ClusterNeed need) {
        String namespace = need.namespace() != null
                ? need.namespace()
                : client.getNamespace() != null ? client.getNamespace() : "default";
        String name = need.what() + " in " + namespace;
        List<Right> lacking = new ArrayList<>();
        for (Right right : need.rights()) {
            SelfSubjectAccessReview answer;
            try {
                answer = client.authorization().v1().selfSubjectAccessReview().create(review(right, namespace));
            } catch (KubernetesClientException e) {
                return e.getCode() > 0 ? refused(name, where(client), e) : unclear(name, cause(e));
            } catch (RuntimeException e) {
                return unclear(name, cause(e));
            }
            if (answer == null || answer.getStatus() == null || answer.getStatus().getAllowed() == null) {
                return unclear(name, "the answer holds no verdict");
            }
            if (!answer.getStatus().getAllowed()) {
                lacking.add(right);
            }
        }
        return lacking.isEmpty()
                ? Finding.ok(name, "may " + Right.words(need.rights()))
                : Finding.missing(name, "may not " + Right.words(lacking), "the account needs a role in the namespace "
                        + namespace + " with these rights: " + need.grantedBy() + " shows one");
    }

    private static Finding unclear(String name, String why) {
        return Finding.warn(name, "what is allowed there can't be told: " + why,
                "kubectl auth can-i --list -n NAMESPACE tells it as well");
    }

    private static SelfSubjectAccessReview review(Right right, String namespace) {
        return new SelfSubjectAccessReviewBuilder().withNewSpec().withNewResourceAttributes()
                .withNamespace(namespace).withGroup(right.group()).withResource(right.kind())
                .withSubresource(right.subresource()).withVerb(right.verb()).endResourceAttributes().endSpec().build();
    }

    /** Without what a URL may hold besides the place. */
    private static String where(KubernetesClient client) {
        URI url = URI.create(client.getMasterUrl().toString());
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Failures of connections are the JDK's, those of reading an answer are not. */
    private static boolean isOfTheWay(Throwable deepest) {
        return deepest instanceof KubernetesClientException || deepest.getClass().getName().startsWith("java");
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; depth < 10 && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    private static String cause(Throwable failure) {
        Throwable deepest = deepest(failure);
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : line(message);
    }

    private static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
        return line.length() > MOST_CHARS ? line.substring(0, MOST_CHARS) + "…" : line;
    }
}
