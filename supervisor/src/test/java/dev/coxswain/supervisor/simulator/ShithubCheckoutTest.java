package dev.coxswain.supervisor.simulator;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.ShithubClient.Claimed;

import static dev.coxswain.supervisor.simulator.ShithubClient.SHITHUB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Contract shithub-actions 11: the checkout, as calls and with a real Git. */
class ShithubCheckoutTest extends SimulatorTestBase {
    private static final String REFS = "/info/refs?service=git-upload-pack";

    private Simulator simulator;
    private ShithubClient shithub;
    private Claimed job;
    private String repository;
    private String token;

    @BeforeEach
    void claimOne() {
        simulator = start(config(2).withProtocols(List.of(SHITHUB)));
        shithub = new ShithubClient(simulator, client(simulator));
        job = shithub.claim(0);
        repository = job.job.path("checkout_url").stringValue().substring(simulator.url(SHITHUB).toString().length());
        token = job.job.path("checkout_token").stringValue();
    }

    private StudioClient.Reply get(String below, String password) {
        return shithub.raw("GET", repository + below, Map.of("Authorization", basic(password)), null);
    }

    private static String basic(String password) {
        return "Basic " + Base64.getEncoder()
                .encodeToString(("shithub-actions:" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itIsOpenWhileTheJobRunsAndForAQuarterOfAnHour() {
        StudioClient.Reply stranger = shithub.raw("GET", repository + REFS, Map.of(), null);
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.headers().get("WWW-Authenticate")).isEqualTo("Basic realm=\"shithub\"");
        for (int i = 0; i < 2; i++) {
            assertThat(get(REFS, token).body()).as("again and again")
                    .contains(job.job.path("head_sha").stringValue() + " refs/heads/trunk");
        }
        Claimed other = shithub.claim(1);
        shithub.finish(job, "success");
        assertThat(get(REFS, token).status()).as("the job is over").isEqualTo(401);

        String second = other.job.path("checkout_token").stringValue();
        clock.advance(Duration.ofMinutes(14));
        shithub.call(other, "/cancel-check", "{}");
        assertThat(get(REFS, second).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(shithub.call(other, "/cancel-check", "{}").status()).isEqualTo(200);
        assertThat(get(REFS, second).status()).as("it is not renewed").isEqualTo(401);
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @Test
    void nothingButAFetchIsOpenAndOnlyToItsOwnToken() {
        assertThat(get("/info/refs?service=git-receive-pack", token).status()).isEqualTo(403);
        assertThat(get("/info/refs", token).status()).isEqualTo(403);
        assertThat(get("/HEAD", token).status()).isEqualTo(404);
        assertThat(shithub.raw("POST", repository + "/git-receive-pack", Map.of("Authorization", basic(token)), null)
                .status()).isEqualTo(403);
        assertThat(shithub.raw("POST", repository + "/git-upload-pack", Map.of("Authorization", basic(token)), null)
                .status()).isEqualTo(400);
        assertThat(simulator.ledger().violations()).isEmpty();
        assertThat(get(REFS, job.token).status()).isEqualTo(401);
        assertThat(simulator.ledger().verdict().count(Violation.SECRET_SEEN)).isEqualTo(1);
    }

    @Test
    void gitFetchesExactlyTheCommit(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(git(folder, Map.of(), "--version") == 0, "there is a Git");
        String sha = job.job.path("head_sha").stringValue();
        Map<String, String> header = Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "http.extraHeader",
                "GIT_CONFIG_VALUE_0", "Authorization: " + basic(token));
        assertThat(git(folder, Map.of(), "init", "-q", ".")).isZero();
        assertThat(git(folder, header, "fetch", "-q", "--depth", "1", job.job.path("checkout_url").stringValue(), sha))
                .isZero();
        assertThat(git(folder, Map.of(), "checkout", "-q", "--detach", sha)).isZero();
        assertThat(git(folder, Map.of(), "fsck", "--strict")).isZero();
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
