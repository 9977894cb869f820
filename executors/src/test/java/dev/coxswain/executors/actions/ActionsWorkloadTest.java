package dev.coxswain.executors.actions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.actions.ActionsHost.Story;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

import static dev.coxswain.executors.actions.ActionsHost.job;
import static dev.coxswain.executors.actions.ActionsHost.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Jobs with the shell of this host. */
class ActionsWorkloadTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ActionsHost host;

    @BeforeEach
    void make() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) || Files.isExecutable(Path.of("/usr/bin/bash")),
                "no bash here");
        host = new ActionsHost(folder);
    }

    @AfterEach
    void close() {
        if (host != null) {
            assertThat(host.running()).isZero();
            host.close();
        }
    }

    @Test
    void stepsRunInTheirOrderWithNothingOfTheSupervisors() {
        ObjectNode job = job();
        run(job, "echo second; pwd; echo \"$HOME $SUPERVISOR_SECRET|\"; [[ -n $BASH ]] && echo bash").put("index", 5);
        run(job, "echo first > file; cat file; false; echo goes on").put("index", 2);

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("102 SUCCEEDED", "101 SUCCEEDED");
        assertThat(story.log()).matches("(?s)first\ngoes on\nsecond\n(/\\S+)/work\n\\1 \\|\nbash\n");
        assertThat(story.result()).isEqualTo(new JobResult.Succeeded("{\"artifacts\":[]}", "artifacts"));
    }

    @Test
    void aFailedStepEndsTheJobAndTheRestIsSkipped() {
        ObjectNode job = job();
        run(job, "echo no >&2; exit 3").put("name", "Try");
        run(job, "echo never");
        run(job, "echo cleaning up ${{ job.status }} ${{ steps.s1.outcome }}").put("if", "failure()");
        run(job, "echo always").put("if", "${{ always() }}");
        run(job, "echo never").put("if", "success()");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 FAILED", "102 SKIPPED", "103 SUCCEEDED", "104 SUCCEEDED",
                "105 SKIPPED");
        assertThat(story.log()).isEqualTo("no\ncleaning up failure failure\nalways\n");
        assertThat(story.failure()).isEqualTo("step Try failed: it ended with exit code 3: no");
    }

    @Test
    void aStepThatMayFailHoldsNobodyUp() {
        ObjectNode job = job();
        run(job, "exit 1").put("continue_on_error", true);
        run(job, "echo ${{ steps.s1.outcome }} ${{ steps.s1.conclusion }}");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 FAILED", "102 SUCCEEDED");
        assertThat(story.log()).isEqualTo("failure success\n");
    }

    @Test
    void whatAStepLeavesTheNextOnesSee() {
        ObjectNode job = job();
        ((ObjectNode) job.path("env")).put("LAYER", "job").put("OTHER", "job ${{ github.run_id }}");
        run(job, """
                echo "$LAYER $OTHER"
                echo LAYER=set >> "$GITHUB_ENV"
                printf 'TEXT<<END\\ntwo\\nlines=2\\nEND\\nout-1=x\\n' >> "$GITHUB_OUTPUT"
                printf '#!/bin/sh\\necho tool\\n' > tool; chmod +x tool; pwd >> "$GITHUB_PATH"
                echo "# summary" >> "$GITHUB_STEP_SUMMARY"
                """);
        run(job, "echo \"$LAYER\"; tool; echo \"${{ steps.s1.outputs.text }}|${{ steps.s1.outputs.out-1 }}\"");
        run(job, "echo \"$LAYER $MORE\"").putObject("env").put("LAYER", "step").put("MORE", "${{ env.LAYER }}");

        Story story = host.run(job);

        assertThat(story.log()).isEqualTo("job job 3000000000\nset\ntool\ntwo\nlines=2|x\nstep set\n");
    }

    @Test
    void aFileThatMeddlesWithTheNextStepsFailsTheStep() {
        ObjectNode job = job();
        run(job, "printf 'TITLE=%s\\n' \"$T\" >> \"$GITHUB_ENV\"").putObject("env").put("T",
                "${{ github.event.title }}");
        run(job, "echo never");
        ((ObjectNode) job.path("event_payload")).put("title", "x\nBASH_ENV=/tmp/evil");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 FAILED", "102 SKIPPED");
        assertThat(story.log()).isEqualTo("::error::GITHUB_ENV must not set BASH_ENV\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(touch hit)", "`touch hit`", "\"; touch hit; \"", "'; touch hit; '", "x\ntouch hit\n",
            "${IFS}$(touch${IFS}hit)", "}}; touch hit", "${{ secrets.token }}", "&& touch hit", "| touch hit", "\\",
            "%s%n"})
    void trap29AStrangersTextIsNoPartOfAScript(String title) {
        ObjectNode job = job();
        ((ObjectNode) job.path("event_payload")).put("title", title);
        run(job, "printf '%s|' \"${{ github.event.title }}\" \"$T\"; [ ! -e hit ]").putObject("env").put("T",
                "${{ shithub.event.title }}");
        run(job, "printf '%s|' \"${{ env.T }}\" \"${{ format('{0}', github.event['title']) }}\"; [ ! -e hit ]")
                .putObject("env")
                .put("T", "${{ github.event.title }}");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED");
        assertThat(story.log()).isEqualTo((title + "|").repeat(4));
    }

    @Test
    void trap29ABranchsNameIsAStrangersTextUnlessItIsPlain() {
        ObjectNode job = job().put("head_ref", "refs/heads/$(touch${IFS}hit)");
        run(job, "echo \"${{ github.ref }} ${{ github.ref_name }}\"; [ ! -e hit ]");

        assertThat(host.run(job).log()).isEqualTo("refs/heads/$(touch${IFS}hit) $(touch${IFS}hit)\n");
        job.put("head_ref", "refs/heads/main");
        assertThat(host.run(job).log()).isEqualTo("refs/heads/main main\n");
    }

    @Test
    void aMaskIsKnownBeforeTheLineThatAsksForIt() {
        ObjectNode job = job();
        job.putArray("mask_values").add("").add("of-the-claim").add("7");
        ((ObjectNode) job.path("event_payload")).put("title",
                "a\n::add-mask::from-a-stranger\n::error file=x.c,line=3::no%0Agood");
        run(job, "echo a; echo ::add-mask::s3cret-1; echo s3cret-1; echo \"${{ github.event.title }}\"; printf '::add-mask::last-one'");

        Story story = host.run(job);

        assertThat(story.secrets()).containsExactly("of-the-claim", "7", "s3cret-1", "from-a-stranger", "last-one");
        assertThat(story.log()).isEqualTo("a\n::add-mask::s3cret-1\ns3cret-1\na\n::add-mask::from-a-stranger\n"
                + "::error file=x.c,line=3::no%0Agood\n::add-mask::last-one");
        assertThat(story.events()).contains(
                new ExecutionEvent.Annotation(ExecutionEvent.Annotation.Level.ERROR, "no\ngood", "x.c", 3));
    }

    @Test
    void secretsArePastedIntoTheScriptAndIntoNoArgument() {
        ObjectNode job = job();
        job.putObject("secrets").put("TOKEN", "hunter2-hunter2");
        run(job, "tr '\\0' ' ' < /proc/$$/cmdline | grep -c hunter2; echo ${{ secrets.TOKEN }}; echo \"[$TOKEN]\"");
        run(job, "echo ${{ secrets.GONE }}");

        Story story = host.run(job);

        assertThat(story.log())
                .isEqualTo("0\nhunter2-hunter2\n[]\n::error::run: line 1, column 18: there is no secret GONE\n");
        assertThat(story.secrets()).containsExactly("hunter2-hunter2");
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 FAILED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"uses | actions/cache@v4 | uses: actions/cache@v4 is not to be had here",
            "if | a b | if: line 1, column 3: expected is an operator or the end",
            "run | ${{ | run: line 1, column 1: this ${{ has no }}",
            "working_directory | ../.. | working-directory must be a path within",
            "working_directory | /etc | working-directory must be",
            "working_directory | nowhere | no such folder"})
    void aStepThatCantBeRunFailsWithItsReason(String key, String value, String reason) {
        ObjectNode job = job();
        run(job, key.equals("uses") ? "" : "echo never").put(key, value);

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 FAILED");
        assertThat(story.failure()).contains(" failed: " + reason);
        assertThat(story.log()).startsWith("::error::" + reason).doesNotContain("never\n");
    }

    @Test
    void aVariableThatIsReservedOrNoneFailsTheStep() {
        for (String name : List.of("SHITHUB_INPUT_0", "A-B", "1", "")) {
            ObjectNode job = job();
            run(job, "echo never").putObject("env").put(name, "x");

            assertThat(host.run(job).failure()).contains("no variable can have the name " + name);
        }
    }

    @Test
    void trap22AJobWhoseConditionDoesNotHoldIsAllSkipped() {
        ObjectNode job = job().put("if", "github.event_name == 'schedule'");
        run(job, "echo never");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SKIPPED");
        assertThat(story.result()).isInstanceOf(JobResult.Succeeded.class);
    }

    @Test
    void aJobsTimeEndsTheWholeTreeAndThatAStepMayFailIsNoExcuse() {
        ObjectNode job = job();
        run(job, "trap 'exit 0' TERM; sleep 300 & wait").put("continue_on_error", true);
        run(job, "echo never").put("if", "always()");
        host.passWhenBegun("101", Duration.ofMinutes(60).minusMillis(500));

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 TIMED_OUT", "102 CANCELLED");
        assertThat(story.result()).isInstanceOf(JobResult.TimedOut.class);
        assertThat(((JobResult.TimedOut) story.result()).message()).contains("the job did not end within 1h");
    }

    @Test
    void aStepsOwnTimeFailsTheStepAndTheJobGoesOn() {
        ObjectNode job = job();
        run(job, "sleep 300").put("timeout_minutes", 10);
        run(job, "echo told").put("if", "failure()");
        host.passWhenBegun("101", Duration.ofMinutes(10).minusMillis(500));

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 TIMED_OUT", "102 SUCCEEDED");
        assertThat(story.failure()).contains("the step did not end within 10m");
    }

    @Test
    void aJobThatIsStoppedRunsNothingMoreWhateverItsConditions() {
        ObjectNode job = job();
        run(job, "echo ready; sleep 300");
        run(job, "echo never > always").put("if", "always()");
        run(job, "echo never > failure").put("if", "failure() || cancelled()");
        Workspace workspace = host.open();
        Path folder = Path.of(workspace.pathOf("work"));

        Story story = new Story(Objects.requireNonNull(host.in(workspace, job).concatMap(
                event -> event instanceof ExecutionEvent.Output(var stream, var bytes)
                        && new String(bytes, UTF_8).equals("ready\n")
                                ? workspace.stop(Workspace.Stop.TERM).thenReturn(event)
                                : Mono.just(event),
                1).collectList().block(ActionsHost.PATIENCE)));

        assertThat(story.ends()).containsExactly("101 FAILED", "102 FAILED", "103 FAILED");
        assertThat(folder.resolve("always")).doesNotExist();
        assertThat(folder.resolve("failure")).doesNotExist();
        assertThat(Objects.requireNonNull(workspace.close().thenReturn(true).block(ActionsHost.PATIENCE))).isTrue();
    }

    @Test
    void aCancelKillsAllThatAStepStarted() {
        ObjectNode job = job();
        run(job, "sleep 300 & setsid sleep 300 & echo ready; wait");
        Workspace workspace = host.open();

        Objects.requireNonNull(host.in(workspace, job).filter(ExecutionEvent.Output.class::isInstance).next()
                .then(Mono.defer(workspace::close)).thenReturn(true).block(ActionsHost.PATIENCE));

        assertThat(host.running()).isZero();
        assertThat(Path.of(workspace.pathOf(""))).doesNotExist();
    }

    @Test
    void trap20NothingIsAsGoodAsNone() {
        ObjectNode job = job();
        job.putNull("needs").putNull("env").putNull("event_payload");
        job.putNull("mask_values");
        run(job, "echo \"[${{ vars.X }}${{ env.X }}${{ github.event.x }}]\"").putNull("env").putNull("with");

        assertThat(host.run(job).log()).isEqualTo("[]\n");
    }

    @Test
    void aDocumentThatIsNoneFailsTheJob() {
        ObjectNode job = job();
        job.remove("steps");

        assertThat(host.run(job).failure()).isEqualTo("the control plane's job has no steps: there is nothing to run");
    }
}
