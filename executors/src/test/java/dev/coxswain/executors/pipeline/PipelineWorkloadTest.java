package dev.coxswain.executors.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.StderrTail;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PipelineWorkloadTest {
    private static final String DOCUMENT = "{\"leased\":true, \"projectId\":\"p-1\",\"project\":{\"topic\":\"tides é\"}}";
    private static final Job JOB = new Job("shorts-7", "p-1", DOCUMENT);
    private static final PipelineConfig CONFIG = new PipelineConfig(List.of("/opt/shorts/render", "--fast"),
            Duration.ofMinutes(30), List.of("VOICE", "UNSET", "BOTH"),
            Map.of("QUALITY", "low", "BOTH", "configured", "COX_JOB_ID", "forged"));
    private static final Map<String, String> HOST = Map.of("VOICE", "nova", "BOTH", "host", "RUNNER_TOKEN", "secret");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final PipelineWorkload workload = new PipelineWorkload(CONFIG, HOST, JsonMapper.shared());

    @Test
    void aSuccessHandsOutWhatTheCommandLeft() {
        MemoryWorkspace workspace = MemoryWorkspace.leaving("{ \"videoUrl\":\"a.mp4\" }\n");

        StepVerifier.create(workload.run(JOB, workspace)).expectNext(new ExecutionEvent.StepStarted("render"))
                .expectNext(new ExecutionEvent.StepEnded("render", 0))
                .expectNext(new ExecutionEvent.Ended(
                        new JobResult.Succeeded("{ \"videoUrl\":\"a.mp4\" }\n", "output")))
                .expectComplete().verify(SOON);
    }

    @Test
    void theCommandFindsTheJobAndAnEmptyOutputFolder() {
        MemoryWorkspace workspace = new MemoryWorkspace(files -> {
            assertThat(files.text("job.json")).isEqualTo(DOCUMENT);
            assertThat(files.files.keySet()).filteredOn(name -> name.startsWith("output/")).hasSize(1);
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(1, false));
        });

        assertThat(resultOf(workspace)).isEqualTo(new JobResult.Failed("exit code 1"));
        Command command = workspace.commands.getFirst();
        assertThat(command.argv()).containsExactly("/opt/shorts/render", "--fast");
        assertThat(command.directory()).isEmpty();
        assertThat(command.timeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(command.grace()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theCommandSeesOnlyWhatWasPassedAndSetAndNobodyForgesTheJob() {
        MemoryWorkspace workspace = MemoryWorkspace.leaving("{}");

        assertThat(resultOf(workspace)).isInstanceOf(JobResult.Succeeded.class);
        assertThat(workspace.commands.getFirst().environment()).containsExactlyInAnyOrderEntriesOf(Map.of("COX_JOB_ID",
                "p-1", "COX_JOB_FILE", "/ws/job/job.json", "COX_OUTPUT_DIR", "/ws/job/output", "VOICE", "nova",
                "QUALITY", "low", "BOTH", "configured"));
    }

    @Test
    void outputPassesThroughByteForByte() {
        byte[] binary = new byte[256];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) i;
        }
        MemoryWorkspace workspace = new MemoryWorkspace(files -> Flux.just(new CommandEvent.Started(1),
                new CommandEvent.Output(Stream.STDOUT, binary), new CommandEvent.Output(Stream.STDERR, binary),
                new CommandEvent.Exited(3, false)));

        StepVerifier.create(workload.run(JOB, workspace)).expectNextCount(1)
                .expectNext(new ExecutionEvent.Output(Stream.STDOUT, binary))
                .expectNext(new ExecutionEvent.Output(Stream.STDERR, binary))
                .expectNext(new ExecutionEvent.StepEnded("render", 3)).assertNext(event -> {
                    assertThat(event).isInstanceOf(ExecutionEvent.Ended.class);
                    String message = ((JobResult.Failed) ((ExecutionEvent.Ended) event).result()).message();
                    assertThat(message).hasSizeLessThanOrEqualTo(StderrTail.MAX_CHARS)
                            .doesNotContainPattern("\\p{Cc}");
                }).expectComplete().verify(SOON);
    }

    @Test
    void outputIsReadOnlyAsItIsDemanded() {
        TestPublisher<CommandEvent> events = TestPublisher.create();
        MemoryWorkspace workspace = new MemoryWorkspace(files -> events.flux());

        StepVerifier.create(workload.run(JOB, workspace), 0).expectSubscription().thenRequest(2)
                .then(() -> events.assertMaxRequested(2)).then(() -> events.next(new CommandEvent.Started(1)))
                .expectNextCount(1).then(() -> events.next(new CommandEvent.Output(Stream.STDOUT, new byte[1])))
                .expectNextCount(1).then(() -> events.assertMaxRequested(2)).thenRequest(1)
                .then(() -> events.next(new CommandEvent.Exited(1, false)).complete())
                .expectNext(new ExecutionEvent.StepEnded("render", 1)).thenRequest(1)
                .expectNext(new ExecutionEvent.Ended(new JobResult.Failed("exit code 1"))).expectComplete()
                .verify(SOON);
        events.assertNoRequestOverflow();
    }

    @Test
    void cancellingCancelsTheCommand() {
        TestPublisher<CommandEvent> events = TestPublisher.create();
        MemoryWorkspace workspace = new MemoryWorkspace(files -> events.flux());

        StepVerifier.create(workload.run(JOB, workspace)).then(() -> events.next(new CommandEvent.Started(1)))
                .expectNextCount(1).thenCancel().verify(SOON);

        events.assertCancelled();
    }

    @Test
    void theTimeLimitIsToldAsItWasConfiguredWhateverTheExitCode() {
        MemoryWorkspace workspace = new MemoryWorkspace(files -> {
            files.files.put("output/result.json", new byte[]{'{', '}'});
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(0, true));
        });

        assertThat(resultOf(workspace)).isEqualTo(new JobResult.TimedOut("render did not end within 30m"));
    }

    @ParameterizedTest
    @CsvSource({"PT30M,30m", "PT1H30M,1h30m", "PT0.5S,500ms", "PT90S,1m30s", "PT48H,48h", "PT0S,0s"})
    void durationsAreWrittenAsInTheConfiguration(Duration duration, String text) {
        assertThat(PipelineRun.text(duration)).isEqualTo(text);
    }

    @Test
    void aFailureIsToldWithTheLastLineOfStandardErrorOnly() {
        MemoryWorkspace workspace = new MemoryWorkspace(files -> Flux.just(new CommandEvent.Started(1),
                new CommandEvent.Output(Stream.STDERR, utf8("warming up\nno voice called ")),
                new CommandEvent.Output(Stream.STDOUT, utf8("not this\n")),
                new CommandEvent.Output(Stream.STDERR, utf8("nova\n\n  \n")), new CommandEvent.Exited(1, false)));

        assertThat(resultOf(workspace)).isEqualTo(new JobResult.Failed("no voice called nova"));
    }

    @Test
    void aCommandThatCannotBeStartedIsAFailureOfOurs() {
        MemoryWorkspace workspace = new MemoryWorkspace(
                files -> Flux.error(new WorkspaceException("/opt/shorts/render: no such file")));

        StepVerifier.create(workload.run(JOB, workspace)).expectErrorMessage("/opt/shorts/render: no such file")
                .verify(SOON);
    }

    @Test
    void anExecutorThatForgetsTheExitIsAFailureOfOurs() {
        Workspace workspace = new MemoryWorkspace(files -> Flux.just(new CommandEvent.Started(1)));

        StepVerifier.create(workload.run(JOB, workspace)).expectNextCount(1).expectError(IllegalStateException.class)
                .verify(SOON);
    }

    @Test
    void twoRunsShareNothing() {
        Flux<ExecutionEvent> failing = workload.run(JOB, MemoryWorkspace.failing(1, utf8("of the first\n")));

        assertThat(result(failing)).isEqualTo(new JobResult.Failed("of the first"));
        assertThat(resultOf(MemoryWorkspace.failing(9))).isEqualTo(new JobResult.Failed("exit code 9"));
        assertThat(result(failing)).isEqualTo(new JobResult.Failed("of the first"));
    }

    @Test
    void aWorkloadWithoutAProgramIsRefused() {
        PipelineConfig empty = new PipelineConfig(List.of(), Duration.ofMinutes(1), List.of(), Map.of());

        assertThatThrownBy(() -> new PipelineWorkload(empty, Map.of(), JsonMapper.shared()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("workload.command");
    }

    @Test
    void aBriefedJobFindsItsContextAndItsPrompt() {
        MemoryWorkspace workspace = new MemoryWorkspace(files -> {
            assertThat(files.text("job.json")).isEqualTo(DOCUMENT);
            assertThat(files.text("context.json")).isEqualTo("{\"title\": \"Gezeiten é\"}");
            assertThat(files.text("prompt.txt")).isEqualTo("before, earlier é, after");
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(1, false));
        });

        assertThat(result(workload.run(briefed(true), workspace))).isEqualTo(new JobResult.Failed("exit code 1"));
        assertThat(workspace.commands.getFirst().environment())
                .containsEntry("COX_CONTEXT_FILE", "/ws/job/context.json")
                .containsEntry("COX_PROMPT_FILE", "/ws/job/prompt.txt").containsEntry("COX_JOB_ID", "p-1");
    }

    @Test
    void aJobWithoutABriefingHasNeitherFileNorVariable() {
        MemoryWorkspace workspace = MemoryWorkspace.leaving("{}");

        assertThat(resultOf(workspace)).isInstanceOf(JobResult.Succeeded.class);

        assertThat(workspace.files).doesNotContainKeys("context.json", "prompt.txt");
        assertThat(workspace.commands.getFirst().environment()).doesNotContainKeys("COX_CONTEXT_FILE",
                "COX_PROMPT_FILE");
    }

    @Test
    void nobodyForgesTheContext() {
        PipelineConfig forging = new PipelineConfig(List.of("render"), Duration.ofMinutes(1), List.of(),
                Map.of("COX_CONTEXT_FILE", "forged", "COX_PROMPT_FILE", "forged"));
        MemoryWorkspace workspace = MemoryWorkspace.leaving("{}");

        result(new PipelineWorkload(forging, Map.of(), JsonMapper.shared()).run(briefed(false), workspace));

        assertThat(workspace.commands.getFirst().environment()).doesNotContainValue("forged");
    }

    @Test
    void aSummaryThatWasWantedIsToldBeforeTheEnd() {
        StepVerifier.create(workload.run(briefed(true), summarising("{\"summaryText\":\" so far \"}")))
                .expectNextCount(2).expectNext(new ExecutionEvent.Summarised(" so far "))
                .expectNext(new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output"))).expectComplete()
                .verify(SOON);
    }

    @Test
    void aSummaryThatNobodyWantedIsNotRead() {
        StepVerifier.create(workload.run(briefed(false), summarising("{\"summaryText\":\"so far\"}")))
                .expectNextCount(2).expectNext(new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output")))
                .expectComplete().verify(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"summaryText\":7}", "{\"summaryText\":\" \"}",
            "{\"summaryText\":\"x\"} x", "\ufeff", "TOO LONG", "NOT THERE"})
    void aBadSummaryCostsTheJobNothing(String summary) {
        MemoryWorkspace workspace = summary.equals("NOT THERE")
                ? MemoryWorkspace.leaving("{}")
                : summarising(summary.equals("TOO LONG")
                        ? "{\"summaryText\":\"" + "x".repeat(SummaryFile.MAX_BYTES) + "\"}"
                        : summary);

        StepVerifier.create(workload.run(briefed(true), workspace)).expectNextCount(2)
                .expectNext(new ExecutionEvent.Ended(new JobResult.Succeeded("{}", "output"))).expectComplete()
                .verify(SOON);
    }

    private static Job briefed(boolean summaryWanted) {
        return JOB.with(new Briefing("{\"title\": \"Gezeiten é\"}", "before, ", "earlier é", ", after", summaryWanted));
    }

    private static MemoryWorkspace summarising(String summary) {
        return new MemoryWorkspace(files -> {
            files.files.put("output/summary.json", utf8(summary));
            files.files.put("output/result.json", utf8("{}"));
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Exited(0, false));
        });
    }

    private JobResult resultOf(Workspace workspace) {
        return result(workload.run(JOB, workspace));
    }

    static JobResult result(Flux<ExecutionEvent> events) {
        List<ExecutionEvent> all = events.collectList().blockOptional(SOON).orElseThrow();
        assertThat(all).filteredOn(event -> event instanceof ExecutionEvent.Ended).hasSize(1);
        return ((ExecutionEvent.Ended) all.getLast()).result();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
