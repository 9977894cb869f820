package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor.Reaped;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.SupervisorId;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** What pods are made of, and what is told when a cluster does not do what it is asked. */
class PodTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PodPlacement PLACEMENT = new PodPlacement(Map.of("example.org/pool", "jobs"),
            List.of(new PodPlacement.Toleration("jobs", "Equal", "only", "NoExecute", 30L),
                    new PodPlacement.Toleration(null, "Exists", null, null, null)));
    private static final String SECRET = "s3cret-of-the-job";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private final FakeCluster cluster = new FakeCluster();
    @SuppressWarnings("NullAway.Init")
    private KubernetesExecutor executor;

    @BeforeEach
    void make() throws IOException {
        executor = executor(Duration.ofMinutes(5), Map.of(), cluster::client);
    }

    private KubernetesExecutor executor(Duration readyWithin, Map<String, String> environment,
            Supplier<KubernetesClient> client) throws IOException {
        return new KubernetesExecutor(new KubernetesConfig("jobs", "registry.example/job:1",
                new PodLimits(500, 4L << 30, 1L << 30), readyWithin, Duration.ofHours(1), "builds", 1000L, PLACEMENT,
                "fleet one",
                temporary.resolve("state"), temporary.resolve("work")), environment, Schedulers.parallel(), client,
                temporary.toRealPath().resolve("volumes").toString());
    }

    @AfterEach
    void close() {
        executor.close();
        cluster.close();
    }

    private void refused(String jobKey, String... told) {
        Workspace workspace = opened(jobKey);
        // the first use is told, and every other one too
        for (Mono<?> use : List.of(workspace.run(shell("true", Map.of())).then(), workspace.write("f", new byte[1]),
                workspace.read("f", 10))) {
            StepVerifier.create(use).expectErrorSatisfies(e -> {
                assertThat(e).isInstanceOf(WorkspaceException.class);
                for (String each : told) {
                    assertThat(e).hasMessageContaining(each);
                }
            }).verify(PATIENCE);
        }
        assertThat(cluster.pods()).isEmpty();
        workspace.close().block(PATIENCE);
    }

    private Workspace opened(String jobKey) {
        return Objects.requireNonNull(executor.open(jobKey).block(PATIENCE));
    }

    /** With its pod. */
    private Workspace open(String jobKey) {
        Workspace workspace = opened(jobKey);
        workspace.folder("made").block(PATIENCE);
        return workspace;
    }

    private static Command shell(String script, Map<String, String> variables) {
        return new Command(List.of("/bin/sh", "-c", script), variables, "", null, Duration.ofMillis(300));
    }

    @Test
    void aPodIsRestrictedAndEndsByItself() throws Exception {
        Workspace workspace = open("job-1");
        Pod pod = cluster.pods().getFirst();
        workspace.close().block(PATIENCE);

        PodSpec spec = pod.getSpec();
        assertThat(pod.getMetadata().getName()).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])").contains("job-1");
        assertThat(pod.getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "coxswain")
                .containsEntry("coxswain.dev/supervisor-name", "fleet-one");
        assertThat(pod.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(spec.getRestartPolicy()).isEqualTo("Never");
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(spec.getEnableServiceLinks()).isFalse();
        assertThat(spec.getActiveDeadlineSeconds()).isEqualTo(3600);
        assertThat(spec.getServiceAccountName()).isEqualTo("builds");
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(1000);
        assertThat(spec.getNodeSelector()).containsExactly(Map.entry("example.org/pool", "jobs"));
        assertThat(spec.getTolerations()).containsExactly(new Toleration("NoExecute", "jobs", "Equal", 30L, "only"),
                new Toleration(null, null, "Exists", null, null));
        assertThat(spec.getContainers()).hasSize(1).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsEntry("cpu", new Quantity("500m"))
                    .containsEntry("memory", new Quantity("4294967296"));
            assertThat(container.getResources().getRequests()).isEqualTo(container.getResources().getLimits());
            assertThat(container.getEnv()).isEmpty();
        });
        assertThat(spec.getVolumes()).hasSize(1).allSatisfy(
                volume -> assertThat(volume.getEmptyDir().getSizeLimit().toString()).isEqualTo("1073741824"));
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void theSupervisorsOwnPodOwnsThePodsOfItsNamespaceOnly() throws Exception {
        for (String namespace : List.of("jobs", "other")) {
            executor.close();
            executor = executor(Duration.ofMinutes(5), Map.of("POD_NAME", "coxswain-0", "POD_UID", "uid-of-it",
                    "POD_NAMESPACE", namespace), cluster::client);
            Workspace workspace = open("job-" + namespace);

            if (namespace.equals("jobs")) {
                assertThat(cluster.pods().getFirst().getMetadata().getOwnerReferences()).hasSize(1)
                        .allSatisfy(owner -> {
                            assertThat(owner.getKind()).isEqualTo("Pod");
                            assertThat(owner.getName()).isEqualTo("coxswain-0");
                            assertThat(owner.getUid()).isEqualTo("uid-of-it");
                        });
            } else {
                assertThat(cluster.pods().getFirst().getMetadata().getOwnerReferences()).isEmpty();
            }
            workspace.close().block(PATIENCE);
        }
    }

    @Test
    void noSecretIsInASpecOrAnAddress() throws Exception {
        Workspace workspace = open("job-1");
        workspace.write("key", SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_8)).block(PATIENCE);
        Command command = new Command(
                List.of("/bin/sh", "-c", "[ \"$TOKEN-$1\" = \"$(cat key)-arg-$1\" ] || exit 3; exit 0",
                        "sh", SECRET),
                Map.of("TOKEN", SECRET + "-arg"), "", null, Command.DEFAULT_GRACE);

        CommandEvent last = workspace.run(command).blockLast(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(last).isEqualTo(new CommandEvent.Exited(0, false));
        assertThat(cluster.requests).anyMatch(request -> request.contains("/exec?"))
                .noneMatch(request -> request.contains(SECRET));
        assertThat(cluster.posted).isNotEmpty().noneMatch(body -> body.contains(SECRET));
    }

    @Test
    void aVariableThatNoShellCanSetArrives() throws Exception {
        Workspace workspace = open("job-1");

        List<CommandEvent> events = workspace
                .run(new Command(List.of("env"), Map.of("INPUT_A-B", "x y", "UID", "u"), "",
                        null, Command.DEFAULT_GRACE))
                .collectList().block(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(Objects.requireNonNull(events)).filteredOn(CommandEvent.Output.class::isInstance)
                .extracting(event -> new String(((CommandEvent.Output) event).bytes(),
                        java.nio.charset.StandardCharsets.UTF_8))
                .anySatisfy(text -> assertThat(text).contains("INPUT_A-B=x y").contains("UID=u")
                        .doesNotContain("KUBERNETES_SERVICE_HOST"));
    }

    @Test
    void whatTheSchedulerSaysIsToldWhenItsTimeIsOver() throws Exception {
        executor.close();
        executor = executor(Duration.ofMillis(200), Map.of(), cluster::client);
        cluster.fate = pending -> new PodStatusBuilder(pending).addNewCondition().withType("PodScheduled")
                .withStatus("False").withReason("Unschedulable")
                .withMessage("0/3 nodes are available: 3 Insufficient cpu.")
                .endCondition().build();
        cluster.warning = "{\"type\":\"Warning\",\"reason\":\"FailedMount\",\"message\":\"no such volume\"}";

        refused("job-1", "is not ready after", "0/3 nodes are available: 3 Insufficient cpu.", "limits",
                "FailedMount: no such volume");
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void anImageThatCannotBePulledIsToldAtOnce() {
        cluster.fate = pending -> FakeCluster.waiting("ImagePullBackOff",
                "Back-off pulling image \"registry.example/job:1\": not found");

        refused("job-1", "ImagePullBackOff", "registry.example/job:1", "serviceAccount");
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void aQuotaAndAMissingRoleAreTold() {
        cluster.refusal = new FakeCluster.Refusal(403, "pods \"x\" is forbidden: exceeded quota: jobs");
        refused("job-1", "exceeded quota", "fewer slots");

        cluster.refusal = new FakeCluster.Refusal(403, "User \"u\" cannot create resource \"pods\"");
        refused("job-1", "cannot create resource", "pods/exec get, create");
    }

    @Test
    void aQuotaThatManyContendForIsAskedAgain() {
        cluster.refusal = new FakeCluster.Refusal(409, "Operation cannot be fulfilled on resourcequotas \"jobs\": the "
                + "object has been modified; please apply your changes to the latest version and try again",
                new AtomicInteger(2));

        open("job-1").close().block(PATIENCE);

        assertThat(cluster.posted).hasSize(3);
    }

    @Test
    void aPodWhoseCreationWasNotAnsweredIsFoundWhateverOthersHaveAddedToIt() {
        cluster.losesAnAnswer = true;
        Workspace workspace = open("job-1");

        assertThat(cluster.posted).hasSize(2);
        assertThat(cluster.pods()).singleElement().satisfies(
                pod -> assertThat(pod.getMetadata().getAnnotations()).containsKey("cni.example.org/address"));
        workspace.close().block(PATIENCE);
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void aNameThatSomebodyElseHasIsToldAndTheirPodStays() {
        Workspace before = open("job-1");
        String name = new PodNames(SupervisorId.in(temporary.resolve("state"), "pods")).pod("job-2");
        cluster.add(like(cluster.pods().getFirst(), name, Map.of(PodNames.SUPERVISOR, "1111111111111111")));
        before.close().block(PATIENCE);
        Workspace workspace = opened("job-2");

        StepVerifier.create(workspace.write("f", new byte[1])).expectErrorSatisfies(
                e -> assertThat(e).isInstanceOf(WorkspaceException.class).hasMessageContaining(name)
                        .hasMessageContaining("already exists"))
                .verify(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(cluster.pods()).extracting(pod -> pod.getMetadata().getName()).containsExactly(name);
    }

    @Test
    void anApiServerThatIsDownIsToldAndAskedAgainForTheNextJob() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        executor.close();
        executor = executor(Duration.ofMinutes(5), Map.of(), () -> new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:" + nobody)
                        .withRequestRetryBackoffLimit(0).build())
                .build());

        assertThat(executor.reap().block(PATIENCE)).isEqualTo(new Reaped(0, 0));
        refused("job-1", "does not answer", "kubeconfig");
        refused("job-1", "does not answer");
    }

    @Test
    void podsOfAFormerLifeAreDeletedAndThoseOfOthersStay() {
        Workspace workspace = open("job-1");
        Pod ours = cluster.pods().getFirst();
        cluster.add(like(ours, "left", Map.of(PodNames.LIFE, "0000000000000000")));
        cluster.add(like(ours, "somebody-elses", Map.of(PodNames.LIFE, "0000000000000000", PodNames.SUPERVISOR,
                "1111111111111111")));
        KubernetesExecutor next;
        try {
            next = executor(Duration.ofMinutes(5), Map.of(), cluster::client);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }

        assertThat(next.reap().block(PATIENCE)).isEqualTo(new Reaped(0, 1));

        assertThat(cluster.pods()).extracting(pod -> pod.getMetadata().getName())
                .containsExactlyInAnyOrder(ours.getMetadata().getName(), "somebody-elses");
        next.close();
        workspace.close().block(PATIENCE);
    }

    private static Pod like(Pod pod, String name, Map<String, String> labels) {
        return new PodBuilder(pod).editMetadata().withName(name).addToLabels(labels).endMetadata().build();
    }

    @Test
    void aBrokenConnectionEndsTheCommandWithItsPod() {
        Workspace workspace = open("job-1");
        Flux<CommandEvent> run = workspace.run(shell("echo up; sleep 300", Map.of()));

        StepVerifier.create(run).expectNext(new CommandEvent.Started(0))
                .assertNext(up -> assertThat(up).isInstanceOf(CommandEvent.Output.class))
                .then(cluster::breakConnections)
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(WorkspaceException.class)
                        .hasMessageContaining("/bin/sh was running").hasMessageContaining("not known")
                        .hasMessageContaining("the pod was deleted"))
                .verify(PATIENCE);

        assertThat(cluster.pods()).isEmpty();
        workspace.close().block(PATIENCE);
    }

    @Test
    void aPodThatEndsUnderACommandIsTold() {
        Workspace workspace = open("job-1");
        String pod = cluster.pods().getFirst().getMetadata().getName();

        StepVerifier.create(workspace.run(shell("echo up; sleep 300", Map.of())))
                .expectNext(new CommandEvent.Started(0))
                .assertNext(up -> assertThat(up).isInstanceOf(CommandEvent.Output.class))
                .then(() -> cluster.become(pod, new PodStatusBuilder().withPhase("Failed").withContainerStatuses(
                        new ContainerStatusBuilder().withName("job").withState(new ContainerStateBuilder()
                                .withNewTerminated().withReason("OOMKilled").withExitCode(137).endTerminated().build())
                                .build())
                        .build()))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("OOMKilled")
                        .hasMessageContaining("limits.memory"))
                .verify(PATIENCE);
        workspace.close().block(PATIENCE);
    }

    @Test
    void aPodThatTheClusterEvictsSaysWhy() {
        Workspace workspace = open("job-1");
        String pod = cluster.pods().getFirst().getMetadata().getName();

        StepVerifier.create(workspace.run(shell("echo up; sleep 300", Map.of())))
                .expectNext(new CommandEvent.Started(0))
                .assertNext(up -> assertThat(up).isInstanceOf(CommandEvent.Output.class))
                // its shell takes the TERM and ends well, which alone would tell nobody anything
                .then(() -> cluster.become(pod, new PodStatusBuilder().withPhase("Succeeded").withContainerStatuses(
                        new ContainerStatusBuilder().withName("job").withState(new ContainerStateBuilder()
                                .withNewTerminated().withReason("Completed").withExitCode(0).endTerminated().build())
                                .build())
                        .addNewCondition().withType("DisruptionTarget").withStatus("True")
                        .withReason("PreemptionByScheduler")
                        .withMessage("default-scheduler: preempting to accommodate a higher priority pod")
                        .endCondition().build()))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("the cluster ended it: "
                        + "PreemptionByScheduler: default-scheduler: preempting to accommodate a higher priority pod"))
                .verify(PATIENCE);
        workspace.close().block(PATIENCE);
    }

    @Test
    void anImageThatTakesLongToPullIsToldWithTheKeyThatGivesItTime() throws Exception {
        executor.close();
        executor = executor(Duration.ofMillis(200), Map.of(), cluster::client);
        cluster.fate = pending -> FakeCluster.waiting("ContainerCreating", "");

        refused("job-1", "is not ready after", "image pulled", "readyWithin");
    }

    @Test
    void whatNeedsNoPodMakesNone() {
        Workspace workspace = opened("job-1");

        assertThat(workspace.pathOf("a/b")).endsWith("/job-1/a/b");
        StepVerifier.create(workspace.read("a", 10)).verifyComplete();
        StepVerifier.create(workspace.localFile("a")).verifyComplete();
        StepVerifier.create(workspace.list("")).verifyComplete();
        StepVerifier.create(workspace.wipe("a")).verifyComplete();
        StepVerifier.create(workspace.read("../a", 10)).verifyError(WorkspaceException.class);
        StepVerifier.create(workspace.stop(Workspace.Stop.TERM)).verifyComplete();
        StepVerifier.create(workspace.run(shell("true", Map.of()))).verifyErrorMessage(PodWorkspace.STOPPED);
        workspace.close().block(PATIENCE);
        StepVerifier.create(workspace.read("a", 10)).verifyError(WorkspaceException.class);
        StepVerifier.create(workspace.write("a", new byte[1])).verifyError(WorkspaceException.class);
        opened("job-1").close().block(PATIENCE);

        assertThat(cluster.posted).isEmpty();
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void closingWhileThePodStartsLeavesNoPod() {
        // it never runs, so the end comes while it is waited for
        cluster.fate = pending -> pending;
        Workspace workspace = opened("job-1");

        StepVerifier.create(workspace.run(shell("true", Map.of())).takeUntilOther(cluster.created())).verifyComplete();
        StepVerifier.create(workspace.write("f", new byte[1])).then(() -> workspace.close().block(PATIENCE))
                .expectErrorMessage("the workspace is closed").verify(PATIENCE);

        assertThat(cluster.pods()).isEmpty();
        cluster.fate = pending -> FakeCluster.running();
        open("job-1").close().block(PATIENCE);
    }

    @Test
    void aStopDoesNotWaitForAPodThatStarts() {
        cluster.fate = pending -> pending;
        Workspace workspace = opened("job-1");

        StepVerifier.create(workspace.run(shell("true", Map.of())))
                .then(() -> cluster.created().then(workspace.stop(Workspace.Stop.TERM)).block(PATIENCE))
                .expectErrorMessage(PodWorkspace.STOPPED).verify(PATIENCE);

        workspace.close().block(PATIENCE);
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void theEndOfTheExecutorTellsWhoeverWaitsForAPod() {
        cluster.fate = pending -> pending;
        Workspace workspace = opened("job-1");

        StepVerifier.create(workspace.write("f", new byte[1])).then(() -> {
            cluster.created().block(PATIENCE);
            executor.close();
        }).expectErrorMessage("the workspace is closed").verify(PATIENCE);

        assertThat(cluster.pods()).isEmpty();
    }
}
