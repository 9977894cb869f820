package dev.coxswain.executors.actions;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.actions.ActionsHost.Story;
import tools.jackson.databind.node.ObjectNode;

import static dev.coxswain.executors.actions.ActionsHost.job;
import static dev.coxswain.executors.actions.ActionsHost.run;
import static dev.coxswain.executors.actions.ActionsHost.step;
import static org.assertj.core.api.Assertions.assertThat;

/** Pythons of the host, which are scripts here that say that they are one. */
class ActionsPythonTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ActionsHost host;

    @BeforeEach
    void make() {
        // whatever else the host has is slow to ask
        host = new ActionsHost(folder, "/usr/bin:/bin");
    }

    @AfterEach
    void close() {
        assertThat(host.running()).isZero();
        host.close();
    }

    /** A step that puts a folder with a Python into the PATH. */
    private static void python(ObjectNode job, String folder, String version) {
        run(job, """
                mkdir -p "$FOLDER"; cat > "$FOLDER/python3.99" <<END
                #!/bin/sh
                if [ "\\$1" = -c ]; then echo "$VERSION \\$0"; else echo "python $VERSION: \\$*"; fi
                END
                chmod +x "$FOLDER/python3.99"; (cd "$FOLDER" && pwd) >> "$GITHUB_PATH"
                """).putObject("env").put("FOLDER", folder).put("VERSION", version);
    }

    private static ObjectNode setup(ObjectNode job, String version) {
        ObjectNode step = step(job).put("uses", "actions/setup-python@v5").put("step_id", "py");
        step.putObject("with").put("python-version", version);
        return step;
    }

    @Test
    void theOneThatIsAskedForIsThePythonOfTheStepsThatFollow() {
        ObjectNode job = job();
        python(job, "it's a folder", "99.1.7");
        python(job, "other", "98.5.0");
        setup(job, "99.x");
        run(job, "python a 'b c'; python3; pip install x; echo \"${{ steps.py.outputs.python-version }}\"; "
                + "[ \"$(command -v python)\" = \"${{ steps.py.outputs.python-path }}\" ] && echo same");

        Story story = host.run(job);

        assertThat(story.log()).isEqualTo("""
                python 99.1.7: a b c
                python 99.1.7:\s
                python 99.1.7: -m pip install x
                99.1.7
                same
                """);
        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 SUCCEEDED", "104 SUCCEEDED");
    }

    @Test
    void oneThatTheHostDoesNotHaveFailsTheStep() {
        ObjectNode job = job();
        python(job, "it", "99.1.7");
        setup(job, "97.3");

        assertThat(host.run(job).failure()).contains("this host has no Python 97.3; it has 99.1.7");
    }

    @Test
    void anyOtherWishFailsTheStep() {
        ObjectNode job = job();
        ((ObjectNode) setup(job, "3").path("with")).put("cache", "pip");

        assertThat(host.run(job).failure()).contains("actions/setup-python knows only python-version here, not cache");
    }
}
