package dev.coxswain.supervisor.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What a supervisor must be allowed to do in one namespace of a Kubernetes cluster.
 *
 * @param what is done there, for people, such as {@code pods of jobs}
 * @param namespace null for that of the pod or of the kubeconfig's context
 * @param rights all of them
 * @param grantedBy the file of ours that shows a role with these rights
 */
public record ClusterNeed(String what, @Nullable String namespace, List<Right> rights, String grantedBy) {
    public ClusterNeed {
        rights = List.copyOf(rights);
    }

    /**
     * One verb on one kind of object.
     *
     * @param group of the API; empty for the core one
     * @param resource with its subresource, such as {@code pods/exec}
     */
    public record Right(String group, String resource, String verb) {
        String kind() {
            return resource.replaceAll("/.*", "");
        }

        @Nullable
        String subresource() {
            return resource.contains("/") ? resource.substring(resource.indexOf('/') + 1) : null;
        }

        /** As sentences say it: {@code create, get pods; create pods/exec}. */
        static String words(List<Right> rights) {
            Map<String, String> verbs = rights.stream().collect(Collectors.toMap(Right::resource, Right::verb,
                    (first, second) -> first + ", " + second, LinkedHashMap::new));
            return verbs.entrySet().stream().map(each -> each.getValue() + " " + each.getKey())
                    .collect(Collectors.joining("; "));
        }
    }
}
