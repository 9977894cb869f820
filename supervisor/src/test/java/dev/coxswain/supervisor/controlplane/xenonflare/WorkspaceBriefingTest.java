package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract xenonflare-workspace 3 and 4. */
class WorkspaceBriefingTest {
    private static final String RULE = "\n\n---\n\n";
    private final WorkspacePlane workspace = new WorkspacePlane();
    private final Lease lease = workspace.lease();

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void theJobGetsTheContextAsDeliveredAndThePrompt() {
        String context = WorkspacePlane.context(some -> {});
        workspace.server.then(Reply.json(context));

        Job job = StepVerifierValues.only(lease.brief());

        assertThat(workspace.server.only().uri()).isEqualTo("/getWorkspaceRunnerContext");
        assertThat(workspace.server.only().body()).isEqualTo("{\"workspaceId\":\"w1\"}");
        assertThat(job.document()).isEqualTo(lease.job().document());
        assertThat(job.key()).isEqualTo(lease.job().key());
        assertThat(job.briefing())
                .isEqualTo(new Briefing(context, "Title: T" + RULE + "### Earlier in this workspace\n\n",
                        "one two", RULE + "### Latest messages\n\nthree", false));
    }

    static Stream<Arguments> prompts() {
        Consumer<ObjectNode> longPrior = context -> context.put("priorNeedsSummarization", true);
        Consumer<ObjectNode> stored = longPrior.andThen(context -> context.putObject("storedPriorSummary")
                .put("text", "so far").put("fromMessageId", "m1").put("throughMessageId", "m2"));
        return Stream.of(
                prompt("no title", context -> context.putNull("title"), "### Earlier in this workspace", "one two",
                        false),
                prompt("blank title", context -> context.put("title", "\u00a0 "), "### Earlier in this workspace",
                        "one two", false),
                prompt("no prior messages", context -> context.putArray("priorMessages"), "Title: T" + RULE + "### L",
                        "",
                        false),
                prompt("blank prior text", longPrior.andThen(context -> context.put("priorTextVerbatim", " ")),
                        "Title: T" + RULE + "### L", "", false),
                prompt("long prior", longPrior, "Title: T" + RULE + "### E", "one two", true),
                prompt("a stored summary that covers",
                        stored.andThen(context -> context.put("storedSummaryCoversPrior", true)),
                        "Title: T" + RULE + "### E", "so far", false),
                prompt("a stored summary that does not", stored, "Title: T" + RULE + "### E", "one two", true),
                prompt("a stored summary that is not there",
                        longPrior.andThen(context -> context.put("storedSummaryCoversPrior", true)),
                        "Title: T" + RULE + "### E", "one two", true),
                prompt("a stored summary that is not needed",
                        stored.andThen(context -> context.put("storedSummaryCoversPrior", true)
                                .put("priorNeedsSummarization", false)),
                        "Title: T" + RULE + "### E", "one two", false),
                prompt("no messages", context -> context.put("messageCount", 0).put("legacyIdea", " idea\n"),
                        "Title: T\n\nidea", "", false),
                prompt("no messages and no title",
                        context -> context.put("messageCount", 0).put("legacyIdea", "idea").putNull("title"), "idea",
                        "",
                        false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("prompts")
    void thePromptFollowsTheContext(String name, Consumer<ObjectNode> change, String begin, String earlier,
            boolean summaryWanted) {
        workspace.server.then(Reply.json(WorkspacePlane.context(change)));

        Briefing told = StepVerifierValues.only(lease.brief()).briefing();

        assertThat(told).isNotNull();
        assertThat(told.promptBefore()).startsWith(begin);
        assertThat(told.earlier()).isEqualTo(earlier);
        assertThat(told.summaryWanted()).isEqualTo(summaryWanted);
        assertThat(told.prompt(told.earlier())).doesNotContain("null").hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \\ufeff\""})
    void neitherMessagesNorAnIdeaIsNoJob(String idea) {
        unusable(Reply.json(WorkspacePlane.context(context -> context.put("messageCount", 0).set("legacyIdea",
                WorkspacePlane.MAPPER.readTree(idea)))), "empty_context");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspaceId", "title", "legacyIdea", "messageCount", "recentMessages", "priorMessages",
            "recentText", "priorTextVerbatim", "recentTokenEstimate", "priorTokenEstimate", "priorNeedsSummarization",
            "storedPriorSummary", "storedSummaryCoversPrior"})
    void everyFieldMustBeThereAndOfItsKind(String field) {
        unusable(Reply.json(WorkspacePlane.context(context -> context.remove(field))),
                "invalid_runner_context_payload");
        unusable(Reply.json(WorkspacePlane.context(context -> context.putArray(field).add(1))),
                "invalid_runner_context_payload");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"role|\"assistant\"", "id|7", "text|null",
            "createdAtMs|\"1\"", "subtitle|null"})
    void everyMessageMustFit(String field, String value) {
        unusable(Reply.json(WorkspacePlane.context(context -> ((ObjectNode) context.path("priorMessages").path(1))
                .set(field, WorkspacePlane.MAPPER.readTree(value)))), "invalid_runner_context_payload");
    }

    @Test
    void aContextOfAnotherWorkspaceIsNotAnswered() {
        unusable(Reply.json(WorkspacePlane.context(context -> context.put("workspaceId", "w2"))),
                "invalid_runner_context_payload");
        unusable(Reply.of(200, ""), "invalid_runner_context_payload");
    }

    @ParameterizedTest
    @CsvSource({"409,LeaseLost", "404,LeaseLost", "401,CredentialRefused", "429,RateLimited", "503,Unavailable",
            "400,Rejected"})
    void aStatusMeansWhatTheContractSays(int status, String kind) {
        for (int call = 0; call < 2; call++) {
            workspace.server.then(Reply.json(WorkspacePlane.context(some -> {})),
                    Reply.json(status, "{\"error\":\"no\"}"));
            StepVerifierValues.only(lease.brief());
            StepVerifier.create(call == 0 ? lease.brief().then() : lease.keepSummary("s"))
                    .expectErrorSatisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
                    .verify(WorkspacePlane.PATIENCE);
        }
    }

    @Test
    void aPageInsteadOfAContextIsGarbled() {
        workspace.server.then(Reply.html(200), Reply.html(409), Reply.json("[]"));

        for (int i = 0; i < 3; i++) {
            StepVerifier.create(lease.brief()).expectError(ControlPlaneException.Garbled.class)
                    .verify(WorkspacePlane.PATIENCE);
        }
    }

    @Test
    void aContextMayBeLargerThanOtherAnswers() {
        String text = "é".repeat(3 << 20);
        workspace.server.then(Reply.json(WorkspacePlane.context(context -> context.put("priorTextVerbatim", text))));

        assertThat(StepVerifierValues.only(lease.brief()).briefing())
                .extracting(told -> told.earlier().equals(text)).isEqualTo(true);
    }

    @Test
    void aSummaryIsKeptForTheMessagesThatItStandsFor() {
        workspace.server.then(Reply.json(WorkspacePlane.context(some -> {})), Reply.of(200, "whatever"));
        StepVerifierValues.only(lease.brief());
        workspace.server.seen().clear();

        StepVerifier.create(lease.keepSummary("so far")).expectComplete().verify(WorkspacePlane.PATIENCE);

        assertThat(workspace.server.only().uri()).isEqualTo("/updateWorkspaceRunnerSummary");
        assertThat(workspace.server.only().body()).isEqualTo(
                "{\"workspaceId\":\"w1\",\"summaryText\":\"so far\",\"fromMessageId\":\"m1\",\"throughMessageId\":\"m2\"}");
    }

    @Test
    void aLongSummaryIsCutWithANoteAndWithoutHalfACharacter() {
        workspace.server.then(Reply.json(WorkspacePlane.context(some -> {})), Reply.json("{}"), Reply.json("{}"));
        StepVerifierValues.only(lease.brief());
        workspace.server.seen().clear();

        StepVerifier
                .create(lease.keepSummary("x".repeat(39_800)).then(
                        lease.keepSummary("\ude00" + "x".repeat(39_798) + "\ud83d\ude00" + "y".repeat(99))))
                .expectComplete().verify(WorkspacePlane.PATIENCE);

        assertThat(summary(0)).hasSize(39_800);
        assertThat(summary(1)).startsWith("\ufffdx").contains("x\n\n[The summary was longer").hasSizeLessThan(39_900);
    }

    @Test
    void aSummaryThatNobodyAskedForIsOurMistake() {
        StepVerifier.create(lease.keepSummary("s")).expectError(IllegalStateException.class)
                .verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).isEmpty();
    }

    private String summary(int call) {
        JsonNode body = WorkspacePlane.MAPPER.readTree(workspace.server.seen().get(call).body());
        return body.path("summaryText").stringValue();
    }

    private void unusable(Reply answer, String message) {
        workspace.server.then(answer);
        StepVerifier.create(lease.brief()).expectErrorSatisfies(
                e -> assertThat(e).isInstanceOf(UnusableJobException.class).hasMessage(message))
                .verify(WorkspacePlane.PATIENCE);
    }

    private static Arguments prompt(String name, Consumer<ObjectNode> change, String begin, String earlier,
            boolean summaryWanted) {
        return Arguments.of(name, change, begin, earlier, summaryWanted);
    }

    @ParameterizedTest
    @CsvSource({"1000, http-(nio|epoll|kqueue)-.*", "15000000, http-large-.*"})
    void aLargeContextIsNotReadOnAnEventLoop(int characters, String thread) {
        workspace.server.then(Reply.json(
                WorkspacePlane.context(context -> context.put("priorTextVerbatim", "x".repeat(characters)))));
        AtomicReference<String> readOn = new AtomicReference<>();

        StepVerifier.create(lease.brief().doOnNext(job -> readOn.set(Thread.currentThread().getName())))
                .assertNext(job -> assertThat(Objects.requireNonNull(job.briefing()).earlier()).hasSize(characters))
                .expectComplete()
                .verify(WorkspacePlane.PATIENCE);

        assertThat(readOn.get()).matches(thread);
    }
}
