package dev.coxswain.executors.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Exited;
import dev.coxswain.executors.CommandEvent.Output;
import dev.coxswain.executors.Executor.Reaped;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.OwnNames;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What containers are made of, and what is told when an engine does not do what it is asked. */
class ContainerTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String IMAGE = "registry.example/job:1";
    private static final String SECRET = "s3cret-of-the-job";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;
    @SuppressWarnings("NullAway.Init")
    private FakeEngine engine;
    @SuppressWarnings("NullAway.Init")
    private ContainerExecutor executor;

    @BeforeEach
    void make() throws IOException {
        engine = new FakeEngine(socket(), IMAGE);
        executor = executor(config(IMAGE, ContainerConfig.Pull.MISSING, Limits.NONE, null));
    }

    @AfterEach
    void close() {
        executor.close();
        engine.close();
    }

    private Path socket() {
        return temporary.resolve("engine.sock");
    }

    private ContainerConfig config(String image, ContainerConfig.Pull pull, Limits limits, @Nullable String network) {
        return new ContainerConfig(image, socket(), network, pull, null, Duration.ofMinutes(1), limits, "fleet one",
                temporary.resolve("state"), temporary.resolve("work"));
    }

    private static ContainerExecutor executor(ContainerConfig config) {
        return new ContainerExecutor(config, Map.of(), Schedulers.parallel());
    }

    /** In place of the one that is there. */
    private void use(ContainerConfig config) {
        executor.close();
        executor = executor(config);
    }

    private Workspace open(String jobKey) {
        return Objects.requireNonNull(executor.open(jobKey).block(PATIENCE));
    }

    private static Command shell(String script, Map<String, String> variables) {
        return new Command(List.of("/bin/sh", "-c", script), variables, "", null, Duration.ofMillis(300));
    }

    private static Flux<CommandEvent> run(Workspace workspace, String script) {
        return workspace.run(shell(script, Map.of()));
    }

    private static void refused(org.reactivestreams.Publisher<?> attempt, String... told) {
        StepVerifier.create(Flux.from(attempt).ignoreElements()).expectErrorSatisfies(e -> {
            assertThat(e).isInstanceOf(WorkspaceException.class);
            for (String each : told) {
                assertThat(e).hasMessageContaining(each);
            }
        }).verify(PATIENCE);
    }

    @Test
    void aContainerHasFewRightsAndSeesOneFolder() {
        use(config(IMAGE, ContainerConfig.Pull.NEVER, new Limits(1500, 64 << 20, 100), "none"));
        Workspace workspace = open("job-1");
        assertThat(engine.all).as("made at the first command").isEmpty();
        run(workspace, "true").blockLast(PATIENCE);
        JsonNode form = engine.forms.getFirst();
        JsonNode host = form.path("HostConfig");

        assertThat(engine.all.keySet()).allSatisfy(name -> assertThat(name).matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")
                .contains("job-1"));
        assertThat(form.path("Labels").path(ContainerNames.SUPERVISOR_NAME).asString()).isEqualTo("fleet one");
        assertThat(form.path("Labels").path(ContainerNames.JOB).asString()).isEqualTo("job-1");
        assertThat(host.path("CapDrop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(host.path("SecurityOpt").toString()).isEqualTo("[\"no-new-privileges\"]");
        assertThat(host.path("Binds")).hasSize(2);
        assertThat(host.path("Binds").path(0).asString())
                .isEqualTo(workspace.pathOf("") + ":" + workspace.pathOf("") + ":Z");
        assertThat(host.path("Binds").path(1).asString()).endsWith(":ro,Z");
        assertThat(host.path("NetworkMode").asString()).isEqualTo("none");
        assertThat(host.path("NanoCpus").asLong()).isEqualTo(1_500_000_000L);
        assertThat(host.path("Memory").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("MemorySwap").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("PidsLimit").asLong()).isEqualTo(100);
        workspace.close().block(PATIENCE);
        assertThat(engine.all).isEmpty();
    }

    @Test
    void aJobWithoutACommandMakesNoContainer() {
        Workspace workspace = open("job-1");
        workspace.write("a", new byte[1]).block(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(engine.requests).noneMatch(each -> each.contains("create"));
    }

    @Test
    void aSecretIsSentAsAVariableAndNothingElse() {
        Workspace workspace = open("job-1");
        workspace.run(shell("echo \"$TOKEN\"", Map.of("TOKEN", SECRET))).blockLast(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(engine.forms).anySatisfy(
                form -> assertThat(form.path("Env").toString()).contains("TOKEN=" + SECRET));
        assertThat(engine.forms).allSatisfy(form -> assertThat(form.path("Cmd").toString()).doesNotContain(SECRET));
        assertThat(engine.requests).noneMatch(each -> each.contains(SECRET));
    }

    @Test
    void anImageThatIsMissingIsPulledOnce() {
        use(config("registry.example/other:2", ContainerConfig.Pull.MISSING, Limits.NONE, null));
        Workspace workspace = open("job-1");
        run(workspace, "true").blockLast(PATIENCE);
        run(workspace, "true").blockLast(PATIENCE);
        workspace.close().block(PATIENCE);

        assertThat(engine.requests).filteredOn(each -> each.equals("POST /images/create")).hasSize(1);
        assertThat(engine.images).contains("registry.example/other:2");
    }

    @Test
    void anImageThatIsMissingAndMayNotBePulledIsNamed() {
        use(config("registry.example/other:2", ContainerConfig.Pull.NEVER, Limits.NONE, null));
        Workspace workspace = open("job-1");

        refused(run(workspace, "true"), "registry.example/other:2", "podman pull");
        workspace.close().block(PATIENCE);
    }

    @Test
    void aPullThatFailsInTheMiddleOfItsAnswerIsTold() {
        use(config("registry.example/other:2", ContainerConfig.Pull.MISSING, Limits.NONE, null));
        engine.trouble("POST /images/.*",
                exchange -> exchange.answer(200, "{\"status\":\"x\"}\n{\"error\":\"the registry says no\"}\n"));
        Workspace workspace = open("job-1");

        refused(run(workspace, "true"), "cannot pull the image registry.example/other:2", "the registry says no");
        workspace.close().block(PATIENCE);
    }

    @Test
    void aKillDoesNotWaitForAPull() throws Exception {
        use(config("registry.example/other:2", ContainerConfig.Pull.MISSING, Limits.NONE, null));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        engine.trouble("POST /images/.*", exchange -> {
            asked.countDown();
            ended.await();
        });
        Workspace workspace = open("job-1");
        StepVerifier.create(run(workspace, "true")).then(() -> await(asked))
                .then(() -> workspace.close().block(PATIENCE))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("stopped")).verify(PATIENCE);
        ended.countDown();
        assertThat(executor.running()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withoutAnEngineNothingIsOpenedAndItsSocketIsNamed() throws IOException {
        engine.close();
        Files.deleteIfExists(socket());

        refused(executor.open("job-1"), "no engine listens at " + socket(), "key socket");
        assertThat(executor.reap().block(PATIENCE)).isEqualTo(new Reaped(0, 0));
        // it is asked again as soon as it is there
        engine = new FakeEngine(socket(), IMAGE);
        open("job-1").close().block(PATIENCE);
    }

    @Test
    void anEngineThatAnswersNonsenseIsTold() {
        engine.trouble("GET /containers/json", exchange -> exchange.answer(200, "<html>"));
        refused(executor.open("job-1"), "no JSON", socket().toString());
        engine.trouble("GET /containers/json", exchange -> exchange.raw("garbage\r\n\r\n"));
        refused(executor.open("job-1"), socket().toString());
        engine.trouble("GET /containers/json", exchange -> exchange.answer(500, "{\"message\":\"out of order\"}"));
        refused(executor.open("job-1"), "out of order", "status 500");
    }

    @Test
    void whatTheEngineRefusesToMakeIsToldAndLeavesNothing() {
        engine.trouble("POST /containers/[^/]*/start",
                exchange -> exchange.answer(500, "{\"message\":\"network gone\"}"));
        Workspace workspace = open("job-1");

        refused(run(workspace, "true"), "cannot make the container cox-job-1", "network gone", "key network");
        workspace.close().block(PATIENCE);
        assertThat(engine.all).isEmpty();
    }

    @Test
    void anExecThatIsRefusedIsToldAndTheNextOneRuns() {
        Workspace workspace = open("job-1");
        engine.trouble("POST /containers/[^/]*/exec", exchange -> exchange.answer(500, "{\"message\":\"not now\"}"));
        refused(run(workspace, "true"), "cannot start /bin/sh", "not now");
        engine.trouble("POST /containers/[^/]*/exec", engine::route);

        assertThat(run(workspace, "exit 3").blockLast(PATIENCE)).isEqualTo(new Exited(3, false));
        workspace.close().block(PATIENCE);
    }

    @Test
    void aConnectionThatIsCutInTheMiddleEndsTheCommandAndItsContainer() {
        engine.trouble("POST /exec/.*", exchange -> {
            exchange.streaming();
            byte[] piece = "started\0half".getBytes(StandardCharsets.UTF_8);
            exchange.out().write(FakeExec.frame(1, piece, piece.length), 0, 16);
            exchange.out().flush();
        });
        Workspace workspace = open("job-1");
        workspace.write("kept", new byte[1]).block(PATIENCE);

        refused(run(workspace, "true"), "/bin/sh was running, and it is not known what became of it",
                "closed in the middle");
        assertThat(engine.all).isEmpty();
        assertThat(workspace.read("kept", 10).block(PATIENCE)).hasSize(1);
        workspace.close().block(PATIENCE);
    }

    @Test
    void outputThatIsNotCutAsItShouldBeIsTold() {
        engine.trouble("POST /exec/.*", exchange -> {
            exchange.streaming();
            exchange.raw("no frames at all, just text");
        });
        Workspace workspace = open("job-1");

        refused(run(workspace, "true"), "is not cut as it should be");
        workspace.close().block(PATIENCE);
    }

    @Test
    void aContainerThatEndsForWantOfMemoryIsAnEndOfItsCommand() {
        engine.trouble("DELETE .*", engine::route);
        Workspace workspace = open("job-1");

        StepVerifier.create(run(workspace, "echo up; sleep 300").filter(event -> !(event instanceof Output)))
                .expectNextCount(1).then(() -> engine.all.values().forEach(container -> {
                    container.outOfMemory = true;
                    engine.trouble("GET /exec/.*", exchange -> exchange.missing("no such exec"));
                    container.end();
                })).expectNext(new Exited(137, false, true)).expectComplete().verify(PATIENCE);
        workspace.close().block(PATIENCE);
    }

    @Test
    void anEngineThatIsSilentIsNotWaitedForForEver() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        executor.close();
        executor = new ContainerExecutor(config(IMAGE, ContainerConfig.Pull.NEVER, Limits.NONE, null), Map.of(), time);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        engine.trouble("GET /containers/json", exchange -> {
            asked.countDown();
            ended.await();
        });

        StepVerifier.create(executor.open("job-1")).then(() -> await(asked))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(21)))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(WorkspaceException.class)
                        .hasMessageContaining("does not answer in time"))
                .verify(PATIENCE);
        ended.countDown();
        time.dispose();
    }

    @Test
    void whatAFormerLifeLeftIsRemovedBeforeAnythingIsOpenedAndNothingElse() throws IOException {
        open("job-now").close().block(PATIENCE);
        String ours = Files.readString(temporary.resolve("state/containers-id")).strip();
        left("old", ours);
        left("others", "0123456789abcdef");
        Path folder = Files.createDirectories(temporary.resolve("work/old-job/sub"));
        Path marks = Files.createDirectories(temporary.resolve("work/.containers")
                .resolve(OwnNames.digest(socket().toString())).resolve("former").resolve("old-job"));
        Path foreign = Files.createDirectories(temporary.resolve("work/not-ours"));
        use(config(IMAGE, ContainerConfig.Pull.NEVER, Limits.NONE, null));

        assertThat(executor.reap().block(PATIENCE)).isEqualTo(new Reaped(1, 1));
        assertThat(engine.all.keySet()).containsExactly("others");
        assertThat(folder.getParent()).doesNotExist();
        assertThat(marks.getParent()).doesNotExist();
        assertThat(foreign).exists();
        engine.all.clear();
    }

    private void left(String name, String supervisor) {
        var form = FakeEngine.JSON.createObjectNode();
        form.putObject("Labels").put(ContainerNames.SUPERVISOR, supervisor).put(ContainerNames.LIFE, "former");
        FakeContainer container = new FakeContainer(name, form);
        container.running = true;
        engine.all.put(name, container);
    }

    @Test
    void aJobIsTheUserWhoseItsFolderIs() {
        assertThat(JobUser.of(7, 8, false, null).name()).isEqualTo("7:8");
        assertThat(JobUser.of(7, 8, false, 7).name()).isEqualTo("7:8");
        assertThat(JobUser.of(7, 8, true, null).name()).isEqualTo("0:0");
        assertThat(JobUser.of(0, 0, false, 1000).name()).isEqualTo("1000:1000");
        assertThatThrownBy(() -> JobUser.of(7, 8, false, 9)).isInstanceOf(WorkspaceException.class)
                .hasMessageContaining("runAsUser");
        assertThatThrownBy(() -> JobUser.of(7, 8, true, 9)).isInstanceOf(WorkspaceException.class)
                .hasMessageContaining("runAsUser");
    }
}
