package dev.coxswain.executors.actions;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.Template;
import dev.coxswain.executors.actions.expression.Value;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What steps see, and which of it is a stranger's (contract shithub-actions 14). */
class ScopeTest {
    private final JobState state = new JobState();

    private Scope scope(Consumer<ObjectNode> change) {
        ObjectNode job = ActionsHost.job();
        job.put("head_sha", "a".repeat(40)).put("workflow_name", "Build all").put("checkout_url", "https://h/o/r.git");
        job.putObject("secrets").put("TOKEN", "hunter2");
        job.putObject("variables").put("REGION", "eu");
        job.putArray("needs").add("lint");
        ((ObjectNode) job.path("env")).put("LAYER", "job");
        ((ObjectNode) job.path("event_payload")).put("title", "a title").put("actor", "mona")
                .putObject("inputs").put("level", "high");
        change.accept(job);
        return Scope.ofJob(JobDocument.read(ActionsHost.MAPPER, job.toString()), "/ws/work", state);
    }

    private Scope scope() {
        return scope(job -> {});
    }

    private static Value.Text text(String expression, Context context) {
        return Scope.text("x", "${{ " + expression + " }}", context);
    }

    @ParameterizedTest
    @CsvSource({"github.ref, refs/heads/main", "github.ref_name, main", "github.event_name, push",
            "github.run_id, 3000000000",
            "github.repository, o/r", "github.actor, mona", "github.workspace, /ws/work", "shithub.run_id, 3000000000",
            "secrets.TOKEN, hunter2", "vars.REGION, eu", "vars.GONE, ''", "env.LAYER, job", "env.GONE, ''",
            "needs.lint.result, success", "job.status, success", "matrix.os, ''", "runner.workspace, /ws/work"})
    void whatTheRepositoryAndTheControlPlaneSayIsTrusted(String expression, String value) {
        assertThat(text(expression, scope().ofCondition())).isEqualTo(new Value.Text(value, false));
    }

    @ParameterizedTest
    @CsvSource({"github.event.title, a title", "github.event.actor, mona", "inputs.level, high", "inputs.gone, ''",
            "github.workflow, Build all", "github.event.gone.deeper, ''"})
    void trap29WhatTheEventSaysAndWhatIsNoPlainWordIsAStrangers(String expression, String value) {
        assertThat(text(expression, scope().ofCondition())).isEqualTo(new Value.Text(value, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/heads/$(id)", "refs/heads/a;b", "refs/heads/`id`", "refs/heads/a\"b",
            "refs/heads/a b",
            "refs/heads/{a,b}"})
    void trap29TheNameOfABranchMayBeAStrangers(String ref) {
        Context context = scope(job -> job.put("head_ref", ref)).ofCondition();

        assertThat(text("github.ref", context)).isEqualTo(new Value.Text(ref, true));
        assertThat(text("github.ref_name", context).tainted()).isTrue();
    }

    @Test
    void aSecretThatThereIsNotFailsTheStep() {
        assertThatThrownBy(() -> text("secrets.GONE", scope().ofCondition())).isInstanceOf(StepFailure.class)
                .hasMessageContaining("there is no secret GONE");
    }

    @Test
    void theStepsOwnVariablesComeBeforeWhatStepsSetAndThatBeforeTheJobs() {
        Scope scope = scope();
        state.set("LAYER", "set");
        state.set("OTHER", "set too");

        Context plain = scope.ofCondition();
        Context own = scope.ofStep(Map.of("LAYER", "step after ${{ env.LAYER }}"));

        assertThat(text("env.LAYER", plain)).isEqualTo(new Value.Text("set", true));
        assertThat(text("env.LAYER", own)).isEqualTo(new Value.Text("step after set", true));
        assertThat(text("env.OTHER", own).text()).isEqualTo("set too");
    }

    @Test
    void trap29TaintComesThroughTheEnvironment() {
        Scope scope = scope(job -> ((ObjectNode) job.path("env")).put("TITLE", "t: ${{ github.event.title }}"));

        assertThat(text("env.TITLE", scope.ofStep(Map.of()))).isEqualTo(new Value.Text("t: a title", true));
        assertThat(Template.parse("echo ${{ env.TITLE }}").script(scope.ofStep(Map.of())).text())
                .isEqualTo("echo ${SHITHUB_INPUT_0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHITHUB_INPUT_0", "A-B", "1A", "", "A B", "Ä"})
    void aNameThatNoVariableCanHaveIsRefused(String name) {
        assertThatThrownBy(() -> scope().ofStep(Map.of(name, "x"))).isInstanceOf(StepFailure.class)
                .hasMessageStartingWith("no variable can have the name ");
    }

    @Test
    void aValueThatNoVariableCanHaveIsRefused() {
        assertThatThrownBy(() -> scope().ofStep(Map.of("A", "a\0b")))
                .hasMessageContaining("env A holds a NUL character");
        assertThatThrownBy(() -> scope().ofStep(Map.of("A", "${{")).names()).hasMessageStartingWith("env A: line 1");
    }

    @Test
    void whatAStepLeftIsAStrangersAndHowItEndedIsNot() {
        Scope scope = scope();
        JobStep step = JobDocument.read(ActionsHost.MAPPER, "{\"steps\":[{\"id\":1,\"step_id\":\"s\"}]}").steps()
                .getFirst();
        state.results().ended(step, "failure", "success", List.of(Map.entry("out", "x")));

        assertThat(text("steps.s.outputs.out", scope.ofCondition())).isEqualTo(new Value.Text("x", true));
        assertThat(text("steps.s.outcome", scope.ofCondition())).isEqualTo(new Value.Text("failure", false));
        assertThat(text("steps.s.conclusion", scope.ofCondition())).isEqualTo(new Value.Text("success", false));
    }

    @Test
    void anActionSeesItsInputsItsOwnStepsAndNoSecrets() {
        Scope job = scope();
        state.results().failed(StepFailure.of("no"));
        Scope action = job.ofAction("/ws/work/act", Map.of("who", Value.foreign("me")),
                Map.of("LAYER", Value.text("given")));

        Context context = action.ofCondition();

        assertThat(text("inputs.who", context)).isEqualTo(new Value.Text("me", true));
        assertThat(text("inputs.level", context).text()).isEmpty();
        assertThat(text("env.LAYER", context)).isEqualTo(new Value.Text("given", false));
        assertThat(text("github.action_path", context)).isEqualTo(new Value.Text("/ws/work/act", false));
        assertThat(context.status()).isEqualTo(Context.Status.SUCCESS);
        assertThat(text("job.status", context).text()).isEqualTo("failure");
        assertThat(List.of(job.depth(), action.depth())).containsExactly(0, 1);
        assertThatThrownBy(() -> text("secrets.TOKEN", context))
                .hasMessageContaining("there is no context secrets here");
    }

    @Test
    void aVariableOfTheJobMayHoldASecretAlsoWithinAnAction() {
        Scope job = scope(each -> ((ObjectNode) each.path("env")).put("T", "${{ secrets.TOKEN }}"));

        assertThat(text("env.T", job.ofAction("/a", Map.of(), Map.of()).ofStep(Map.of("B", "x"))).text())
                .isEqualTo("hunter2");
    }
}
