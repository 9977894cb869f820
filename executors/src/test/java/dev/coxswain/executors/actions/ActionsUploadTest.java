package dev.coxswain.executors.actions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

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

/** What jobs set aside for the control plane (contract shithub-actions 10; design section 11). */
class ActionsUploadTest {
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

    @Test
    void anUploadIsOneFileAsItIsOrSeveralAsAnArchive() throws IOException {
        ObjectNode job = job();
        run(job, "mkdir -p out/a .git; echo one > out/one.txt; echo two > out/a/two.txt; echo x > out/x.log; echo g > .git/g");
        upload(job, "one", "out/one.txt");
        upload(job, "all", "out/\n!out/**/*.log");
        upload(job, "glob", "${{ github.workspace }}/**/t*.txt");
        run(job, "rm -r out");
        List<Map<String, String>> zips = new ArrayList<>();
        host.look = workspace -> {
            zips.add(Map.of("one", read(workspace.resolve("artifacts/1/one.txt")), "glob",
                    read(workspace.resolve("artifacts/3/two.txt"))));
            zips.add(unzip(workspace.resolve("artifacts/2/all.zip")));
        };

        Story story = host.run(job);

        assertThat(story.result()).isEqualTo(new JobResult.Succeeded(
                "{\"artifacts\":[{\"name\":\"one\",\"file\":\"1/one.txt\"},"
                        + "{\"name\":\"all\",\"file\":\"2/all.zip\"},{\"name\":\"glob\",\"file\":\"3/two.txt\"}]}",
                "artifacts"));
        assertThat(zips).containsExactly(Map.of("one", "one\n", "glob", "two\n"),
                Map.of("one.txt", "one\n", "a/two.txt", "two\n"));
    }

    private static ObjectNode upload(ObjectNode job, String name, String path) {
        ObjectNode step = step(job).put("uses", "actions/upload-artifact@v4");
        step.putObject("with").put("name", name).put("path", path);
        return step;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> unzip(Path file) {
        Map<String, String> entries = new TreeMap<>();
        try (InputStream in = Files.newInputStream(file); ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return entries;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a b | out | the name of an artifact has",
            "..x | out | the name of an artifact has",
            "ok | ../x | path must lie within", "ok | /etc/passwd | path must lie within", "ok | '' | path must name"})
    void trap25AnUploadThatTheControlPlaneWouldRefuseFailsItsStep(String name, String path, String reason) {
        ObjectNode job = job();
        upload(job, name, path);

        assertThat(host.run(job).failure()).contains(reason);
    }

    @Test
    void trap25ANameIsUploadedOnce() {
        ObjectNode job = job();
        run(job, "echo x > x");
        upload(job, "same", "x");
        upload(job, "same", "x");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 FAILED");
        assertThat(story.failure()).contains("this job has uploaded an artifact same before");
    }

    @Test
    void aJobThatFailedLeavesWhatItsStepsUploaded() {
        ObjectNode job = job();
        run(job, "echo why > log; exit 1");
        upload(job, "log", "log").put("if", "always()");
        upload(job, "never", "log");

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 FAILED", "102 SUCCEEDED", "103 SKIPPED");
        assertThat(story.result())
                .isEqualTo(new JobResult.Failed("step echo why > log; exit 1 failed: it ended with exit code 1",
                        new JobResult.Left("{\"artifacts\":[{\"name\":\"log\",\"file\":\"1/log\"}]}", "artifacts")));
    }

    @Test
    void aJobWhoseTimeIsOverLeavesWhatWasUploadedBefore() {
        ObjectNode job = job();
        run(job, "echo x > x");
        upload(job, "x", "x");
        run(job, "echo slow");
        upload(job, "never", "x").put("if", "always()");
        host.passWhenSaid("slow", Duration.ofMinutes(60));

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 SUCCEEDED", "102 SUCCEEDED", "103 SUCCEEDED", "104 CANCELLED");
        assertThat(story.result()).isInstanceOfSatisfying(JobResult.TimedOut.class, over -> assertThat(over.left())
                .isEqualTo(new JobResult.Left("{\"artifacts\":[{\"name\":\"x\",\"file\":\"1/x\"}]}", "artifacts")));
    }

    @ParameterizedTest
    @CsvSource({"warn, SUCCEEDED", "ignore, SUCCEEDED", "error, FAILED", "perhaps, FAILED"})
    void aPathThatNamesNothingIsToldAsTheStepWants(String then, String result) {
        ObjectNode job = job();
        ((ObjectNode) upload(job, "x", "nothing").path("with")).put("if-no-files-found", then);

        Story story = host.run(job);

        assertThat(story.ends()).containsExactly("101 " + result);
        assertThat(story.events().stream().filter(ExecutionEvent.Annotation.class::isInstance).count())
                .isEqualTo(then.equals("ignore") ? 0 : 1);
        assertThat(story.log().contains("no file was found")).isEqualTo(List.of("warn", "error").contains(then));
    }

    @Test
    void anyOtherWishFailsTheStep() {
        ObjectNode job = job();
        ((ObjectNode) upload(job, "x", "x").path("with")).put("retention-days", 5);

        assertThat(host.run(job).failure())
                .contains("actions/upload-artifact knows only name, path and if-no-files-found");
    }
}
