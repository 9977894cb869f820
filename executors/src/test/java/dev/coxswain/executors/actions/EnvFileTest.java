package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What steps leave in their files. */
class EnvFileTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aValueIsALineOrSeveral() {
        assertThat(EnvFile.variables(bytes("\uFEFFA=1\r\n\nB=x=y<<z\nC<<E\n a\n\nE \nE\nD<<x\nx\nE_1=")))
                .containsExactly(Map.entry("A", "1"), Map.entry("B", "x=y<<z"), Map.entry("C", " a\n\nE "),
                        Map.entry("D", ""), Map.entry("E_1", ""));
        assertThat(EnvFile.outputs(bytes("my-out=ü\nPATH=1"))).containsExactly(Map.entry("my-out", "ü"),
                Map.entry("PATH", "1"));
        assertThat(EnvFile.folders(bytes("/a b\n\n rel \n"))).isEqualTo(List.of("/a b", "rel"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "=x", "A B=x", "1A=x", "A-B=x", "A<<E\nx", "A<<\n\n", "A=a\0b", "A<<E\nE E\n",
            "\u001bA=x", "é=x"})
    void whatIsNoEntryIsRefusedAsAWhole(String content) {
        assertThatThrownBy(() -> EnvFile.variables(bytes("OK=1\n" + content))).isInstanceOf(StepFailure.class)
                .hasMessageStartingWith("GITHUB_ENV ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BASH_ENV", "ENV", "LD_PRELOAD", "PATH", "HOME", "IFS", "PS4", "PROMPT_COMMAND",
            "GITHUB_ENV",
            "GITHUB_OUTPUT", "RUNNER_OS", "SHITHUB_INPUT_0", "COX_WORKSPACE", "NODE_OPTIONS", "GIT_SSH_COMMAND",
            "GIT_CONFIG_COUNT", "BASH_FUNC_ls", "CI"})
    void namesThatWouldChangeTheNextStepsAreRefused(String name) {
        assertThatThrownBy(() -> EnvFile.variables(bytes(name + "=x"))).hasMessage("GITHUB_ENV must not set " + name);
    }

    @Test
    void whatIsNoTextOrTooMuchIsRefused() {
        assertThatThrownBy(() -> EnvFile.outputs(new byte[]{'A', '=', (byte) 0xff}))
                .hasMessage("GITHUB_OUTPUT is not UTF-8");
        assertThatThrownBy(() -> EnvFile.outputs(bytes("A=1\n".repeat(1_001)))).hasMessageContaining("more than 1000");
        assertThatThrownBy(() -> EnvFile.folders(bytes("/a:/b"))).hasMessageContaining("colon");
    }

    @Property(tries = 150)
    void anyContentIsTakenOrRefused(@ForAll byte[] content) {
        try {
            EnvFile.variables(content);
        } catch (StepFailure e) {
            assertThat(e.text()).startsWith("GITHUB_ENV ");
        }
    }

    @Property(tries = 150)
    void aTextWithAWordOfItsOwnComesBackWhole(@ForAll String text) {
        String plain = text.replaceAll("[\\r\\x00\\x{d800}-\\x{dfff}]", "");
        assertThat(EnvFile.outputs(bytes("A<<W-1-W\n" + plain + "\nW-1-W\n"))).containsExactly(Map.entry("A", plain));
    }
}
