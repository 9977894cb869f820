package dev.coxswain.executors.kubernetes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.exec.OwnNames;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;

/** What a pod of ours looks like. Nothing of its job is in it but the job's name. */
final class PodForm {
    static final String CONTAINER = "job";
    /** It ends at once, and the container with all that is in it. */
    private static final long GRACE_SECONDS = 1;
    private static final String VOLUME = "workspace";
    /** Waits, and takes the ends of orphans, as the first process of a container must. */
    private static final String WAIT = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

    private final KubernetesConfig config;
    private final Map<String, String> environment;
    private final String mount;

    /**
     * @param environment the supervisor's: {@code POD_NAME}, {@code POD_UID} and {@code POD_NAMESPACE} say that it is a pod
     * @param mount where the workspace's volume is
     */
    PodForm(KubernetesConfig config, Map<String, String> environment, String mount) {
        this.config = config;
        this.environment = environment;
        this.mount = mount;
    }

    Pod of(PodNames names, String jobKey) {
        Map<String, String> labels = new HashMap<>(Map.of(PodNames.MANAGED_BY, PodNames.MANAGER, PodNames.SUPERVISOR,
                names.supervisor(), PodNames.LIFE, OwnNames.THIS_LIFE, PodNames.JOB, OwnNames.digest(jobKey)));
        labels.put(PodNames.SUPERVISOR_NAME, PodNames.label(config.supervisor()));
        PodBuilder pod = new PodBuilder().withNewMetadata().withName(names.pod(jobKey))
                .withNamespace(config.namespace()).withLabels(labels)
                .withAnnotations(Map.of(PodNames.JOB_KEY, jobKey)).endMetadata().withNewSpec()
                .withRestartPolicy("Never").withAutomountServiceAccountToken(false).withEnableServiceLinks(false)
                .withServiceAccountName(config.serviceAccount()).withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withActiveDeadlineSeconds(config.lifetime().toSeconds())
                .withNodeSelector(config.placement().nodeSelector()).withTolerations(tolerations())
                .withSecurityContext(podSecurity().build())
                .addNewVolume().withName(VOLUME).withNewEmptyDir()
                .withSizeLimit(new Quantity(Long.toString(config.limits().diskBytes()))).endEmptyDir().endVolume()
                .withContainers(new ContainerBuilder().withName(CONTAINER).withImage(config.image())
                        .withCommand("/bin/sh", "-c", WAIT).withWorkingDir("/").withResources(resources())
                        .addNewVolumeMount().withName(VOLUME).withMountPath(mount).endVolumeMount()
                        .withSecurityContext(new SecurityContextBuilder().withAllowPrivilegeEscalation(false)
                                .withCapabilities(new CapabilitiesBuilder().withDrop("ALL").build()).build())
                        .build())
                .endSpec();
        String owner = owner();
        if (owner != null) {
            pod.editMetadata().withOwnerReferences(new OwnerReferenceBuilder().withApiVersion("v1").withKind("Pod")
                    .withName(owner).withUid(environment.get("POD_UID")).withController(false)
                    .withBlockOwnerDeletion(false).build()).endMetadata();
        }
        return pod.build();
    }

    /** The supervisor's own pod, when the cluster can collect what it leaves: such a reference does not cross namespaces. */
    private @Nullable String owner() {
        String name = environment.get("POD_NAME");
        String uid = environment.get("POD_UID");
        return name != null && !name.isBlank() && uid != null && !uid.isBlank()
                && config.namespace().equals(environment.get("POD_NAMESPACE")) ? name : null;
    }

    private List<Toleration> tolerations() {
        return config.placement().tolerations().stream()
                .map(each -> new Toleration(each.effect(), each.key(), each.operator(), each.seconds(), each.value()))
                .toList();
    }

    private PodSecurityContextBuilder podSecurity() {
        PodSecurityContextBuilder security = new PodSecurityContextBuilder().withNewSeccompProfile()
                .withType("RuntimeDefault").endSeccompProfile();
        Long user = config.runAsUser();
        return user == null
                ? security
                : security.withRunAsUser(user).withRunAsGroup(user).withFsGroup(user).withRunAsNonRoot(user != 0);
    }

    private ResourceRequirements resources() {
        Map<String, Quantity> amounts = new HashMap<>();
        PodLimits limits = config.limits();
        if (limits.cpuMillis() > 0) {
            amounts.put("cpu", new Quantity(limits.cpuMillis() + "m"));
        }
        if (limits.memoryBytes() > 0) {
            amounts.put("memory", new Quantity(Long.toString(limits.memoryBytes())));
        }
        return new ResourceRequirementsBuilder().withRequests(amounts).withLimits(amounts).build();
    }
}
