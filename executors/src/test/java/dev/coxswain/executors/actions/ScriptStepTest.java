package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.actions.expression.Context;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a script is run with, and what is taken from it. */
class ScriptStepTest {
    private final FakeWorkspace workspace = new FakeWorkspace();
    private final JobState state = new JobState();
    private final AtomicLong nanos = new AtomicLong();
    private final TimeLimit limit = TimeLimit.ofJob(Duration.ofMinutes(1), nanos::get, Schedulers.immediate());
    private final List<Map.Entry<String, String>> outputs = new ArrayList<>();

    private List<ExecutionEvent> run(ObjectNode step) {
        ObjectNode job = ActionsHost.job();
        job.putObject("secrets").put("TOKEN", "hunter2");
        ((ObjectNode) job.path("event_payload")).put("title", "$(id)");
        job.putArray("steps").add(step.put("id", 7));
        JobDocument document = JobDocument.read(ActionsHost.MAPPER, job.toString());
        JobStep only = document.steps().getFirst();
        Context context = Scope.ofJob(document, "/ws/work", state).ofStep(only.env());
        return Objects.requireNonNull(
                new ScriptStep(workspace, state).run(only, context, limit, outputs).collectList().block());
    }

    private static ObjectNode script(String text) {
        return ActionsHost.MAPPER.createObjectNode().put("run", text);
    }

    private Command command() {
        assertThat(workspace.commands).hasSize(1);
        return workspace.commands.getFirst();
    }

    @Test
    void aScriptIsAFileAndNoArgumentHoldsAnythingOfIt() {
        run(script("curl -H ${{ secrets.TOKEN }}"));

        assertThat(workspace.text("steps/7/script")).isEqualTo("curl -H hunter2");
        assertThat(command().argv()).endsWith("sh", "/ws/steps/7/script", "", "").doesNotContain("hunter2");
        assertThat(command().toString()).doesNotContain("hunter2");
        assertThat(command().directory()).isEqualTo("work");
        assertThat(command().timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(workspace.wiped).containsExactly("steps/7");
    }

    @Test
    void trap29AStrangersTextIsInAVariableAndNotInTheScript() {
        run(script("echo ${{ github.event.title }} ${{ github.run_id }}"));

        assertThat(workspace.text("steps/7/script")).isEqualTo("echo ${SHITHUB_INPUT_0} 3000000000");
        assertThat(command().environment()).containsEntry("SHITHUB_INPUT_0", "$(id)");
    }

    @Test
    void theEnvironmentIsTheStepsAndNamesItsFiles() {
        ObjectNode step = script("true");
        step.putObject("env").put("A", "1").put("GITHUB_ENV", "/elsewhere");
        run(step);

        assertThat(command().environment()).isEqualTo(Map.of("A", "1", "CI", "true", "GITHUB_ENV", "/ws/steps/7/env",
                "GITHUB_OUTPUT", "/ws/steps/7/output", "GITHUB_PATH", "/ws/steps/7/path", "GITHUB_STEP_SUMMARY",
                "/ws/steps/7/step_summary", "GITHUB_WORKSPACE", "/ws/work", "GITHUB_EVENT_PATH", "/ws/event.json"));
    }

    @Test
    void whatAScriptLeftIsTakenAlsoWhenItFailed() {
        workspace.program = (files, command) -> {
            files.file("steps/7/env", "A=1\n").file("steps/7/path", "/tool\n").file("steps/7/output", "x=y\n");
            return Flux.just(new CommandEvent.Output(CommandEvent.Stream.STDERR, FakeWorkspace.bytes("why\n")),
                    new CommandEvent.Exited(3, false));
        };

        assertThatThrownBy(() -> run(script("exit 3"))).isInstanceOfSatisfying(StepFailure.class, failure -> {
            assertThat(failure.text()).isEqualTo("it ended with exit code 3: why");
            assertThat(failure.code()).isEqualTo(3);
            assertThat(failure.isTold()).isTrue();
        });
        assertThat(state.variables()).isEqualTo(Map.of("A", "1"));
        assertThat(state.path()).isEqualTo("/tool");
        assertThat(outputs).containsExactly(Map.entry("x", "y"));
        assertThat(workspace.wiped).containsExactly("steps/7");
    }

    @Test
    void thePathOfTheStepsBeforeIsAnArgumentSinceTheHostsOwnFollows() {
        state.prepend("/first");
        state.prepend("/second");
        run(script("true"));

        assertThat(command().argv()).endsWith("/second:/first", "");
        assertThat(command().environment()).doesNotContainKey("PATH");
    }

    @ParameterizedTest
    @CsvSource({"sub/folder, work/sub/folder", "/ws/work, work", "/ws/work/sub, work/sub", "'', work", ". , work/.",
            "${{ github.event_name }}, work/push"})
    void theFolderIsWithinTheJobs(String told, String folder) {
        run(script("true").put("working_directory", told));

        assertThat(command().directory()).isEqualTo(folder);
    }

    @ParameterizedTest
    @CsvSource({"/etc", "..", "a/../../b", "/ws/workother", "/ws"})
    void anyOtherFolderFailsTheStep(String told) {
        assertThatThrownBy(() -> run(script("true").put("working_directory", told)))
                .hasMessageStartingWith("working-directory must be a path within");
        assertThat(workspace.commands).isEmpty();
    }

    @Test
    void aScriptWhoseTimeIsOverFailsWithTheLimitWhateverItsExitCode() {
        workspace.program = (files, command) -> Flux.just(new CommandEvent.Exited(0, true));

        assertThatThrownBy(() -> run(script("sleep 100"))).isInstanceOfSatisfying(StepFailure.class, failure -> {
            assertThat(failure.isTimedOut()).isTrue();
            assertThat(failure.text()).contains("the job did not end within 1m");
        });
    }

    @Test
    void noScriptBeginsWhenTheTimeIsOver() {
        nanos.set(Duration.ofMinutes(1).toNanos());

        assertThatThrownBy(() -> run(script("true"))).hasMessageContaining("did not end within 1m");
        assertThat(workspace.commands).isEmpty();
    }
}
