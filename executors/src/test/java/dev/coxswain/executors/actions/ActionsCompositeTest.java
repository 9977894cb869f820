package dev.coxswain.executors.actions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.actions.ActionsHost.Story;
import tools.jackson.databind.node.ObjectNode;

import static dev.coxswain.executors.actions.ActionsHost.job;
import static dev.coxswain.executors.actions.ActionsHost.run;
import static dev.coxswain.executors.actions.ActionsHost.step;
import static org.assertj.core.api.Assertions.assertThat;

/** Actions of the repository, in real jobs. */
class ActionsCompositeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ActionsHost host;

    @BeforeEach
    void make() {
        host = new ActionsHost(folder);
    }

    @AfterEach
    void close() {
        assertThat(host.running()).isZero();
        host.close();
    }

    /** The first step of the job writes the action's file, as a checkout would. */
    private static void action(ObjectNode job, String folder, String yaml) {
        run(job, "mkdir -p " + folder + "; printf '%s' \"$YAML\" > " + folder + "/action.yml").put("step_id", "")
                .putObject("env").put("YAML", yaml.replace("${{", "${{ '${{' }}"));
    }

    private static ObjectNode uses(ObjectNode job, String folder) {
        return step(job).put("uses", "./" + folder);
    }

    @Test
    void itsStepsAreRunWithItsInputsAndItsOutputsComeBack() {
        ObjectNode job = job();
        action(job, "act", """
                inputs:
                  who: {required: true}
                  greeting: {default: "hello on ${{ github.event_name }}"}
                outputs:
                  said: {value: "${{ steps.say.outputs.text }}!"}
                runs:
                  using: composite
                  steps:
                    - id: say
                      shell: bash
                      env: {GREETING: "${{ inputs.greeting }}"}
                      run: |
                        echo "$GREETING ${{ inputs.WHO }} $LAYER"; echo "text=$GREETING" >> "$GITHUB_OUTPUT"
                        echo "LATER=set" >> "$GITHUB_ENV"; [ -f "$GITHUB_ACTION_PATH/action.yml" ] && pwd | sed 's/.*\\///'
                    - shell: sh
                      if: steps.say.outcome == 'success'
                      run: echo "${LATER}"
                """);
        ObjectNode use = uses(job, "act").put("step_id", "act");
        use.putObject("with").put("who", "${{ github.event.title }}").put("colour", "red");
        use.putObject("env").put("LAYER", "given");
        run(job, "echo \"${{ steps.act.outputs.said }} ${{ steps.act.outcome }} [${{ steps.say.outcome }}] $LATER $LAYER\"");
        ((ObjectNode) job.path("event_payload")).put("title", "$(touch hit)");

        Story story = host.run(job);

        assertThat(story.result()).isInstanceOf(JobResult.Succeeded.class);
        assertThat(story.log()).isEqualTo("""
                ::warning::./act has no input colour
                hello on push $(touch hit) given
                work
                set
                hello on push! success [] set\s
                """);
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 SUCCEEDED");
    }

    @Test
    void trap29WhatAStrangerWroteStaysAVariableThroughInputs() {
        ObjectNode job = job();
        action(job, "inner", """
                inputs: {text: {}}
                runs:
                  using: composite
                  steps:
                    - {shell: bash, run: "printf '%s\\n' \\"${{ inputs.text }}\\"; [ ! -e hit ]"}
                """);
        action(job, "outer", """
                inputs: {text: {}}
                runs:
                  using: composite
                  steps:
                    - uses: ./inner
                      with: {text: "a ${{ inputs.text }}"}
                """);
        uses(job, "outer").putObject("with").put("text", "${{ github.event.title }}");
        ((ObjectNode) job.path("event_payload")).put("title", "\"; touch hit; \"$(touch hit)`touch hit`");

        Story story = host.run(job);

        assertThat(story.log()).isEqualTo("a \"; touch hit; \"$(touch hit)`touch hit`\n");
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 SUCCEEDED");
    }

    @Test
    void aStepOfItThatFailsEndsItAndWhatAsksForThatIsRun() {
        ObjectNode job = job();
        action(job, "act", """
                runs:
                  using: composite
                  steps:
                    - {shell: sh, run: "exit 4", continue-on-error: true}
                    - {name: Break, shell: bash, run: "false; echo never"}
                    - {shell: sh, run: "echo never"}
                    - {shell: sh, if: "failure()", run: "echo cleaning up ${{ job.status }}"}
                """);
        uses(job, "act").put("name", "Use it");
        run(job, "echo after").put("if", "failure()");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 FAILED", "103 SUCCEEDED");
        assertThat(story.log()).isEqualTo("cleaning up success\nafter\n");
        assertThat(story.failure()).isEqualTo("step Use it failed: step Break failed: it ended with exit code 1");
    }

    @Test
    void anErrorOfOursWithinItIsToldOnce() {
        ObjectNode job = job();
        action(job, "act", "runs: {using: composite, steps: [{uses: actions/cache@v4}]}");
        uses(job, "act").put("continue_on_error", true);

        Story story = host.run(job);

        assertThat(story.log()).startsWith("::error::uses: actions/cache@v4 is not to be had here")
                .containsOnlyOnce("::error::");
        assertThat(story.events().stream().filter(ExecutionEvent.Annotation.class::isInstance).count()).isEqualTo(1);
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 FAILED");
        assertThat(story.result()).isInstanceOf(JobResult.Succeeded.class);
    }

    @Test
    void itGetsNoSecretThatItIsNotGiven() {
        ObjectNode job = job();
        job.putObject("secrets").put("TOKEN", "hunter2-hunter2");
        action(job, "act", """
                inputs: {token: {}}
                runs:
                  using: composite
                  steps:
                    - {shell: sh, run: "echo ${{ inputs.token }}"}
                    - {shell: sh, run: "echo ${{ secrets.TOKEN }}"}
                """);
        uses(job, "act").putObject("with").put("token", "${{ secrets.TOKEN }}");

        assertThat(host.run(job).log())
                .isEqualTo(
                        "hunter2-hunter2\n::error::run: line 1, column 10: there is no context secrets here; there are github, "
                                + "shithub, vars, needs, inputs, matrix, strategy, runner, steps, job, env\n");
    }

    @Test
    void actionsThatUseEachOtherWithoutEndAreStopped() {
        ObjectNode job = job();
        action(job, "a", "runs: {using: composite, steps: [{uses: ./b}]}");
        action(job, "b", "runs: {using: composite, steps: [{uses: ./a}]}");
        uses(job, "a");

        Story story = host.run(job);

        assertThat(story.log())
                .isEqualTo("::error::uses: ./a is in 10 other actions, and no more than that can use each other\n");
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 FAILED");
    }

    @Test
    void actionsThatMultiplyAreStopped() {
        ObjectNode job = job();
        action(job, "a", "runs: {using: composite, steps: [" + "{uses: ./b},".repeat(150) + "]}");
        action(job, "b", "runs: {using: composite, steps: [" + "{uses: ./none, if: false},".repeat(150) + "]}");
        uses(job, "a");

        assertThat(host.run(job).failure()).endsWith("the actions of this job have more than 1000 steps");
    }

    private static final String SLOW = "runs: {using: composite, steps: [{shell: sh, run: echo slow}, {shell: sh, if: always(), "
            + "run: echo never}]}";

    @Test
    void aStepsTimeHoldsForAllOfItsAction() {
        ObjectNode job = job();
        action(job, "act", SLOW);
        uses(job, "act").put("timeout_minutes", 10).put("name", "Wait");
        run(job, "echo told").put("if", "failure()");
        host.passWhenSaid("slow", Duration.ofMinutes(10));

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 TIMED_OUT", "103 SUCCEEDED");
        assertThat(story.log()).containsOnlyOnce("::error::").endsWith("which is its limit, and was stopped\ntold\n")
                .doesNotContain("never");
        assertThat(story.failure()).startsWith("step Wait failed: the step did not end within 10m,");
    }

    @Test
    void theJobsTimeEndsAnActionAndTheJob() {
        ObjectNode job = job();
        action(job, "act", SLOW);
        uses(job, "act").put("timeout_minutes", 90);
        run(job, "echo never").put("if", "always()");
        host.passWhenSaid("slow", Duration.ofMinutes(60));

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 TIMED_OUT", "103 CANCELLED");
        assertThat(story.result()).isInstanceOf(JobResult.TimedOut.class);
        assertThat(story.log()).doesNotContain("never");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"./none | uses: ./none has no action.yml; it is looked for in the sources",
            "./../out | uses must be a path within", "./act | with who is missing: the action can't do without it",
            "./node | ./node (action.yml): runs.using is node20",
            "other/act@v1 | uses: other/act@v1 is not to be had here",
            "docker://alpine | uses: docker://alpine is not to be had here"})
    void anActionThatCantBeRunFailsItsStep(String uses, String reason) {
        ObjectNode job = job();
        action(job, "act", "inputs: {who: {required: true}}\nruns: {using: composite, steps: []}");
        action(job, "node", "runs: {using: node20, main: index.js}");
        step(job).put("uses", uses);

        Story story = host.run(job);

        assertThat(story.failure()).contains(" failed: " + reason);
        assertThat(story.ends()).isEqualTo(List.of("101 SUCCEEDED", "102 SUCCEEDED", "103 FAILED"));
    }
}
