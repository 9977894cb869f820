package dev.coxswain.executors.actions;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Composite actions as their authors write them. */
class ActionFileTest {
    private static ActionFile read(String yaml) {
        return ActionFile.read("./act (action.yml)", FakeWorkspace.bytes(yaml), "7");
    }

    @Test
    void anActionHasInputsOutputsAndSteps() {
        ActionFile action = read("""
                name: Greet
                description: Says hello
                inputs:
                  who: {description: Whom, required: true}
                  version: {default: 3.10}
                  empty:
                outputs:
                  said: {description: What, value: "${{ steps.say.outputs.text }}"}
                runs:
                  using: composite
                  steps:
                    - id: say
                      name: Say it
                      if: always()
                      shell: bash
                      working-directory: sub
                      env: {A: "1"}
                      continue-on-error: true
                      run: |
                        echo hello
                        echo there
                    - uses: ./other
                      with: {x: "${{ inputs.who }}"}
                """);

        assertThat(action.inputs()).isEqualTo(Map.of("who", new ActionFile.Input(true, null), "version",
                new ActionFile.Input(false, "3.10"), "empty", new ActionFile.Input(false, null)));
        assertThat(action.outputs()).isEqualTo(Map.of("said", "${{ steps.say.outputs.text }}"));
        assertThat(action.steps()).containsExactly(
                new JobStep("7.1", "say", "Say it", "always()", "echo hello\necho there\n", "bash", "", "sub",
                        Map.of("A", "1"), Map.of(), true, null),
                new JobStep("7.2", "", "", "", "", "", "./other", "", Map.of(), Map.of("x", "${{ inputs.who }}"), false,
                        null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | runs is missing", "[] | runs is missing", "name: x | runs is missing",
            "runs: {using: node20, main: x.js} | runs.using is node20, and only composite actions can be run here",
            "runs: {steps: []} | runs.using is missing", "runs: {using: composite} | runs.steps must be a list",
            "runs: {using: composite, steps: [x]} | runs.steps[0] must have names with values",
            "runs: {using: composite, steps: [{}]} | runs.steps[0] must have one of run and uses",
            "runs: {using: composite, steps: [{run: a, uses: ./b, shell: sh}]} | must have one of run and uses",
            "runs: {using: composite, steps: [{run: a}]} | runs.steps[0].shell must be bash, sh or python",
            "runs: {using: composite, steps: [{run: a, shell: pwsh}]} | runs.steps[0].shell must be",
            "runs: {using: composite, steps: [{uses: ./b, timeout-minutes: 5}]} | runs.steps[0].timeout-minutes is not a key",
            "runs: {using: composite, steps: [{uses: ./b, env: [a]}]} | runs.steps[0].env must have names",
            "runs: {using: composite, steps: [{uses: ./b, with: {a: [b]}}]} | runs.steps[0].with.a must be a text",
            "runs: {using: composite, steps: [{uses: ./b, continue-on-error: maybe}]} | continue-on-error must be true or false",
            "inputs: {a: {required: perhaps}}\\nruns: {using: composite, steps: []} | inputs.a.required must be true or false",
            "inputs: [a]\\nruns: {using: composite, steps: []} | inputs must have names",
            "runs: {using: [composite]} | runs.using must be a text", "runs: {a: b: c} | is not YAML",
            "a: !x b | has a tag"})
    void whatCantBeRunIsRefusedWithItsPlace(String yaml, String reason) {
        assertThatThrownBy(() -> read(yaml.replace("\\n", "\n"))).isInstanceOf(StepFailure.class)
                .hasMessageStartingWith("./act (action.yml)").hasMessageContaining(reason);
    }

    @Test
    void itHasBounds() {
        String head = "runs: {using: composite, steps: [";
        assertThatThrownBy(() -> read(head + "{uses: ./a},".repeat(201) + "]}"))
                .hasMessageContaining("at most 200 steps");
        StringBuilder inputs = new StringBuilder("inputs:\n");
        for (int i = 0; i <= 256; i++) {
            inputs.append("  i").append(i).append(": {}\n");
        }
        assertThatThrownBy(() -> read(inputs + head + "]}"))
                .hasMessageContaining("inputs must have names with values, at most 256");
        assertThatThrownBy(() -> ActionFile.read("f", new byte[]{(byte) 0xff}, "7")).hasMessage("f is not UTF-8");
    }

    @Property(tries = 150)
    void whateverAFileSaysItIsAnActionOrARefusal(@ForAll("texts") String yaml) {
        try {
            assertThat(read("runs:\n  using: composite\n  steps:\n" + yaml).steps()).isNotNull();
        } catch (StepFailure e) {
            assertThat(e.text()).startsWith("./act (action.yml)");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries
                .of("  - run: x\n", "    shell: sh\n", "  - uses: ./a\n", "    env: ", "{A: b}\n", "inputs:\n",
                        "  a:\n",
                        "    default: ", "~\n", "outputs: ", "&a ", "*a\n", "[", "]\n", "\t", "\n", ": ", "|\n",
                        "\uD83D")
                .list()
                .ofMaxSize(12).map(parts -> String.join("", parts));
    }
}
