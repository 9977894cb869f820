package dev.coxswain.executors.kubernetes;

import java.util.Locale;

import dev.coxswain.executors.WorkspaceException;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Says what the API server refused, or why it could not be asked, and what to do about it. */
final class ApiTrouble {
    private static final int FORBIDDEN = 403;

    private ApiTrouble() {}

    /**
     * In words for the job's owner and whoever runs the fleet.
     *
     * @param what was tried, such as {@code cannot make the pod X}
     */
    static WorkspaceException told(String what, String namespace, Throwable failure) {
        if (failure instanceof WorkspaceException known) {
            return known;
        }
        if (!(failure instanceof KubernetesClientException refused) || refused.getCode() <= 0) {
            return new WorkspaceException(what + ": the Kubernetes API server does not answer (" + cause(failure)
                    + "); check the address and the credentials of the kubeconfig, or of the service account", failure);
        }
        String said = PodState.line(refused.getStatus() != null && refused.getStatus().getMessage() != null
                ? refused.getStatus().getMessage()
                : String.valueOf(refused.getMessage()));
        return new WorkspaceException(what + ": " + said + hint(refused.getCode(), said, namespace), failure);
    }

    /** Whether it is certain that the server did not do what it was asked. */
    static boolean certain(Throwable failure) {
        return failure instanceof KubernetesClientException refused && refused.getCode() >= 400
                && refused.getCode() < 500;
    }

    private static String hint(int code, String said, String namespace) {
        if (code == FORBIDDEN && said.toLowerCase(Locale.ROOT).contains("quota")) {
            return "; fewer slots for this executor's pools, smaller limits, or a larger quota of the namespace "
                    + namespace;
        }
        if (code == FORBIDDEN && said.contains("PodSecurity")) {
            return "; set the executor's runAsUser, or relax the pod security of the namespace " + namespace;
        }
        return switch (code) {
            case 401 -> "; the credentials are not valid (any more): look at the kubeconfig or the service account";
            case FORBIDDEN -> "; the service account needs a role in the namespace " + namespace
                    + ": pods get, list, watch, create, delete; pods/exec get, create; events list";
            case 404 -> "; is there a namespace " + namespace + "?";
            default -> "";
        };
    }

    private static String cause(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; depth < 10 && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return deepest.getClass().getSimpleName() + (message == null ? "" : ": " + PodState.line(message));
    }
}
