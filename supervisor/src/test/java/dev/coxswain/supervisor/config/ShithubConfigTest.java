package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A pool of shithub Actions: several jobs on one registration token, labels, and the workload {@code actions}. */
class ShithubConfigTest {
    private static final String LEAST = """
            controlPlanes:
              actions: { protocol: shithub, url: https://git.example.org }
            pools:
              - name: actions
                controlPlane: actions
                credentials: { file: ./actions.tokens }
            """;

    @TempDir
    private Path path;

    private Folder folder() {
        Folder folder = new Folder(path);
        folder.write("actions.tokens", "ab".repeat(32) + "\n");
        return folder;
    }

    @Test
    void nothingMustBeSaidOfSlotsLabelsAndWorkload() {
        PoolConfig pool = folder().load(LEAST).pools().getFirst();

        assertThat(pool.slotsPerRunner()).isEqualTo(1);
        assertThat(pool.labels()).isEmpty();
        assertThat(pool.workload()).isEqualTo(new WorkloadEntry.Actions());
    }

    @Test
    void aRunnerMayHoldSeveralJobsAndHaveLabels() {
        PoolConfig pool = folder().load(LEAST
                + "    slotsPerRunner: 64\n    labels: [ self-hosted, ubuntu_22.04 ]\n    workload: { kind: actions }\n")
                .pools().getFirst();

        assertThat(pool.slotsPerRunner()).isEqualTo(64);
        assertThat(pool.labels()).containsExactly("self-hosted", "ubuntu_22.04");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "slotsPerRunner: 65 | a runner of shithub holds 64 jobs at a time; give the pool a credential for each 64 jobs",
            "labels: [ self-hosted, ü ] | shithub takes no such label; use A-Z, a-z, 0-9, _, . and - only",
            "workload: { timeout: 5m } | is no key of a workload of kind actions; each job brings its own limit",
            "workload: { kind: pipeline, command: [ x ] } | pipeline can't do the jobs of shithub; use actions"})
    void whatCanNotWorkIsRefused(String line, String problem) {
        assertThat(folder().problems(LEAST + "    " + line + "\n", Map.of())).singleElement().asString()
                .contains(problem);
    }

    @Test
    void trap07OneTokenIsOneRunner() {
        Folder folder = folder();
        folder.write("more.tokens", "ab".repeat(32) + "\n");

        assertThat(folder.problems(LEAST + """
                  - name: more
                    controlPlane: actions
                    credentials: { file: ./more.tokens }
                """, Map.of())).singleElement().asString().contains("the same credential stands in pool actions");
    }
}
