package dev.coxswain.supervisor.shard;

import java.net.HttpURLConnection;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;

/**
 * The Leases at a Kubernetes API server. Every write names the version that it replaces, so a write that comes late changes
 * nothing. Blocks: for a scheduler of its own.
 */
final class KubernetesLeases implements LeaseStore {
    private static final int DEEPEST = 10;
    private static final int LONGEST_TEXT = 300;

    private final KubernetesClient client;
    private final String namespace;
    private final LeaseForms forms;

    /**
     * Finds the API server as every client does: in the pod, in the kubeconfig, in the environment.
     *
     * @param namespace null for that of the pod or of the kubeconfig's context
     * @param patience time limit of one call; nothing is tried twice
     */
    KubernetesLeases(@Nullable String namespace, Duration patience, LeaseForms forms) {
        int millis = (int) patience.toMillis();
        Config config = new ConfigBuilder(Config.autoConfigure(null)).withRequestTimeout(millis)
                .withConnectionTimeout(millis).withRequestRetryBackoffLimit(0).build();
        this.client = new KubernetesClientBuilder().withConfig(config).build();
        String found = namespace != null ? namespace : client.getNamespace();
        this.namespace = found != null ? found : "default";
        this.forms = forms;
    }

    /** For people: which namespace at which server. */
    String where() {
        return namespace + " at " + client.getMasterUrl();
    }

    @Override
    public Op.Answer call(Op op) {
        try {
            return switch (op) {
                case Op.Look look -> new Op.Answer.Seen(
                        forms.read(leases().withLabel(LeaseForms.FLEET, forms.fleet()).list().getItems()));
                case Op.Renew renew -> written(forms.member(renew), renew.version());
                case Op.Take(int shard, String holder, String version) ->
                    written(forms.shard(shard, holder, version), version);
                case Op.Release(int shard, String version) -> written(forms.shard(shard, null, version), version);
                case Op.Remove(String member, String version) -> removed(forms.memberName(member), version);
                case Op.Wait wait -> throw new IllegalArgumentException("there is nothing to do");
                case Op.Done done -> throw new IllegalArgumentException("there is nothing to do");
            };
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
                    || (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && replaces(op))) {
                return new Op.Answer.Conflict();
            }
            return new Op.Answer.Failed(said(e));
        }
    }

    /** What was to be replaced is not there; where something was to be made, it is the namespace that is missing. */
    private static boolean replaces(Op op) {
        return switch (op) {
            case Op.Renew renew -> renew.version() != null;
            case Op.Take take -> take.version() != null;
            case Op.Release release -> true;
            case Op.Remove remove -> true;
            case Op.Look look -> false;
            case Op.Wait wait -> false;
            case Op.Done done -> false;
        };
    }

    /** One line: the server's own words, or what the connection failed of. */
    private static String said(KubernetesClientException e) {
        Throwable deepest = e;
        for (int depth = 0; depth < DEEPEST && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        String words = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(deepest.getMessage());
        String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return (e.getCode() > 0 ? "status " + e.getCode() + ", " : "")
                + (line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line);
    }

    private NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases() {
        return client.leases().inNamespace(namespace);
    }

    private Op.Answer removed(String name, String version) {
        leases().withName(name).lockResourceVersion(version).delete();
        return new Op.Answer.Written("");
    }

    private Op.Answer written(Lease lease, @Nullable String version) {
        Resource<Lease> resource = leases().resource(lease);
        Lease stored = version == null ? resource.create() : resource.update();
        return new Op.Answer.Written(stored.getMetadata().getResourceVersion());
    }

    @Override
    public void close() {
        client.close();
    }
}
