package dev.coxswain.executors.actions;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which of a host's Pythons a step gets. */
class HostPythonTest {
    private static final List<HostPython> FOUND = HostPython.read("""
            3.11.2 /usr/bin/python3.11
            pyenv: python3.12: command not found
            3.9.18 /opt/a b/python3.9
            3.12.10rc1 /opt/python3.12
            3.11.2 /usr/local/bin/python3
            3.12.9 /opt/older/python3.12
            3.8.1 relative/python
            2.7.18 /usr/bin/python
            """);

    @Test
    void onlyVersionsWithAPathAreRead() {
        assertThat(FOUND).extracting(HostPython::version).containsExactly("3.11.2", "3.9.18", "3.12.10", "3.11.2",
                "3.12.9", "2.7.18");
        assertThat(FOUND.get(1).program()).isEqualTo("/opt/a b/python3.9");
    }

    @ParameterizedTest
    @CsvSource({"'', /usr/bin/python3.11", "3, /opt/python3.12", "3.x, /opt/python3.12", "3.11, /usr/bin/python3.11",
            "3.11.x, /usr/bin/python3.11", "3.12.9, /opt/older/python3.12", "3.9, /opt/a b/python3.9",
            "2, /usr/bin/python",
            "3.*, /opt/python3.12", "3.011, /usr/bin/python3.11"})
    void theNewestThatIsAskedForIsChosen(String asked, String program) {
        assertThat(HostPython.choose(FOUND, asked).program()).isEqualTo(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1", "3.13", "4", "3.11.3"})
    void whatTheHostDoesNotHaveIsNotInstalled(String asked) {
        assertThatThrownBy(() -> HostPython.choose(FOUND, asked)).isInstanceOf(StepFailure.class)
                .hasMessage("this host has no Python " + asked + "; it has 3.11.2, 3.9.18, 3.12.10, 3.12.9, 2.7.18");
    }

    @ParameterizedTest
    @ValueSource(strings = {">=3.9", "x", "3.", "pypy3.9", "3.12-dev", "3.11\n3.12", "3.1.2.3", "99999", "$(id)"})
    void whatIsNoVersionIsRefused(String asked) {
        assertThatThrownBy(() -> HostPython.choose(FOUND, asked)).isInstanceOf(StepFailure.class)
                .hasMessageStartingWith("python-version must be like");
    }

    @Test
    void aHostMayHaveNone() {
        assertThatThrownBy(() -> HostPython.choose(List.of(), "")).hasMessage("this host has no Python");
    }
}
