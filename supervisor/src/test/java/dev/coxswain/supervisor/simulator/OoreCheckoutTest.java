package dev.coxswain.supervisor.simulator;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.OoreClient.Identity;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.OoreClient.OORE;
import static dev.coxswain.supervisor.simulator.OoreClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Contract oore-ci 10: the checkout through the daemon, as calls and with a real Git. */
class OoreCheckoutTest extends SimulatorTestBase {
    private static final String REFS = "/info/refs?service=git-upload-pack";

    private Simulator simulator;
    private OoreClient oore;
    private Identity one;
    private JsonNode job;
    private String path;

    @BeforeEach
    void startOne() {
        simulator = start(config(1).withProtocols(List.of(OORE)));
        oore = new OoreClient(simulator, client(simulator));
        one = oore.runner(0);
        job = oore.claim(one);
        path = job.path("config_snapshot").path("checkout_proxy_path").stringValue();
    }

    private String id() {
        return job.path("build_id").stringValue();
    }

    @Test
    void itIsOpenWhileTheBuildRuns() {
        assertThat(code(oore.send("GET", path + REFS, one.token(), null))).isEqualTo("404 checkout_not_found");
        oore.status(one, id(), "running");
        assertThat(oore.send("GET", path + REFS, one.token(), null).body())
                .contains(job.path("commit_sha").stringValue() + " refs/heads/main");
        assertThat(code(oore.send("GET", path + REFS, oore.runner(1).token(), null))).isEqualTo("403 runner_mismatch");
        assertThat(code(oore.send("GET", path + REFS, null, null))).isEqualTo("401 missing_auth");
        oore.status(one, id(), "failed");
        assertThat(code(oore.send("GET", path + REFS, one.token(), null))).isEqualTo("404 checkout_not_found");
    }

    @Test
    void nothingButAFetchIsOpen() {
        oore.status(one, id(), "running");

        assertThat(code(oore.send("GET", path + "/info/refs?service=git-receive-pack", one.token(), null)))
                .isEqualTo("403 checkout_path_forbidden");
        assertThat(code(oore.send("GET", path + "/HEAD", one.token(), null))).isEqualTo("403 checkout_path_forbidden");
        assertThat(code(oore.send("POST", path + "/git-receive-pack", one.token(), "")))
                .isEqualTo("403 checkout_path_forbidden");
        assertThat(code(oore.send("POST", path + "/git-upload-pack", one.token(), "{}")))
                .isEqualTo("400 invalid_git_request");
        Map<String, String> headers = Map.of("Authorization", "Bearer " + one.token(), "Content-Type",
                "application/x-git-upload-pack-request");
        for (String request : List.of("", "zzzz", "0001", "00ffwant x",
                "0032want " + "0".repeat(40) + "\n00000009done\n")) {
            byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
            assertThat(code(oore.raw("POST", path + "/git-upload-pack", headers, bytes))).as(request)
                    .isEqualTo("400 invalid_git_request");
        }
    }

    @Test
    void gitFetchesExactlyTheCommit(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(git(folder, Map.of(), "--version") == 0, "there is a Git");
        oore.status(one, id(), "running");
        String sha = job.path("commit_sha").stringValue();

        Map<String, String> header = Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "http.extraHeader",
                "GIT_CONFIG_VALUE_0", "Authorization: Bearer " + one.token());
        assertThat(git(folder, Map.of(), "init", "-q", ".")).isZero();
        assertThat(git(folder, header, "fetch", "-q", "--depth",
                "1", oore.uri(path).toString(), sha)).isZero();
        assertThat(git(folder, Map.of(), "checkout", "-q", "--detach", sha)).isZero();
        assertThat(git(folder, Map.of(), "fsck", "--strict")).isZero();
        assertThat(folder.resolve(".oore.yaml")).content().contains("sh tools/build.sh");
        assertThat(folder.resolve("tools/build.sh")).exists();
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    private static int git(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException noGit) {
            return -1;
        }
        try {
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -2;
        } finally {
            process.destroyForcibly();
        }
    }
}
