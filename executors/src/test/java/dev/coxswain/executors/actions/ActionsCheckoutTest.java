package dev.coxswain.executors.actions;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.actions.ActionsHost.Story;
import dev.coxswain.executors.git.GitRepository;
import dev.coxswain.executors.git.GitServer;
import tools.jackson.databind.node.ObjectNode;

import static dev.coxswain.executors.actions.ActionsHost.job;
import static dev.coxswain.executors.actions.ActionsHost.run;
import static dev.coxswain.executors.actions.ActionsHost.step;
import static org.assertj.core.api.Assertions.assertThat;

/** Checkouts from a server on loopback (contract shithub-actions 11). */
class ActionsCheckoutTest {
    private static final String HEADER = "Authorization: Basic c2hpdGh1Yi1hY3Rpb25zOnQwa2Vu";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ActionsHost host;

    @SuppressWarnings("NullAway.Init")
    GitServer server;

    @SuppressWarnings("NullAway.Init")
    GitRepository repository;

    @BeforeEach
    void make() {
        repository = GitRepository.at(folder.resolve("app"));
        server = new GitServer();
        host = new ActionsHost(folder);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(host.running()).isZero();
        host.close();
    }

    private ObjectNode checkout(String sha) {
        String url = server.serve("o/app.git", repository);
        host.access = ActionsHost.guarded(url, HEADER);
        return job().put("checkout_url", url).put("head_sha", sha);
    }

    private static ObjectNode uses(ObjectNode job) {
        return step(job).put("uses", "actions/checkout@v4");
    }

    @Test
    void theCommitIsCheckedOutWhereStepsWorkAndTheTokenIsNowhere() {
        String first = repository.file("file", "first\n").commit();
        repository.file("file", "later\n").commit();
        ObjectNode job = checkout(first);
        uses(job);
        run(job, "cat file; git rev-list --count HEAD; git config --list --local | grep -ci extraheader; grep -rl 't0[k]en' .. | wc -l; "
                + "grep -rl c2hpdGh1Yi1hY3Rpb25zOnQwa2Vu .. | grep -v script | wc -l; echo ${{ github.repository }}");

        Story story = host.run(job);

        assertThat(story.log()).endsWith("first\n1\n0\n0\n0\no/app\n");
        assertThat(server.seen).isNotEmpty().allMatch(each -> each.endsWith(" Basic c2hpdGh1Yi1hY3Rpb25zOnQwa2Vu"));
    }

    @Test
    void theWholeHistoryComesOnRequest() {
        repository.file("file", "first\n").commit();
        String second = repository.file("file", "second\n").commit();
        ObjectNode job = checkout(second);
        uses(job).putObject("with").put("fetch-depth", 0);
        run(job, "git rev-list --count HEAD");

        assertThat(host.run(job).log()).endsWith("2\n");
    }

    @Test
    void aServerThatHandsOutTipsOnlyGivesTheCommitThroughTheRef() {
        String first = repository.file("file", "first\n").commit();
        repository.file("file", "second\n").commit();
        server.tipsOnly = true;
        ObjectNode job = checkout(first);
        uses(job);
        run(job, "cat file");

        assertThat(host.run(job).log()).endsWith("first\n");
    }

    @Test
    void whatAnEarlierStepLeftSendsTheTokenNowhere() {
        String sha = repository.file("file", "text\n").commit();
        ObjectNode job = checkout(sha);
        try (GitServer other = new GitServer()) {
            run(job, "git init -q .; git config url." + other.base() + "/.insteadOf " + server.base() + "/");
            uses(job);
            run(job, "cat file");

            assertThat(host.run(job).ends()).isEqualTo(List.of("101 SUCCEEDED", "102 SUCCEEDED", "103 SUCCEEDED"));
            assertThat(other.seen).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "submodules | true | actions/checkout knows only fetch-depth here, not submodules",
            "fetch-depth | -1 | fetch-depth must be a number", "fetch-depth | 100001 | fetch-depth must be a number"})
    void anyOtherWishFailsTheStep(String key, String value, String reason) {
        ObjectNode job = checkout("1".repeat(40));
        uses(job).putObject("with").put(key, value);

        assertThat(host.run(job).failure()).contains(reason);
        assertThat(server.seen).isEmpty();
    }

    @Test
    void aCommitOrAnAccessThatIsMissingFailsTheStep() {
        ObjectNode job = checkout("main");
        uses(job);

        assertThat(host.run(job).failure()).contains("head_sha: ");
        ObjectNode gone = checkout("2".repeat(40)).put("head_ref", "--upload-pack=id");
        uses(gone);
        assertThat(host.run(gone).failure())
                .contains("commit " + "2".repeat(40) + " could not be fetched: git ended with");
        host.access = JobAccess.NONE;
        assertThat(host.run(gone).failure()).contains("the control plane gave no way to check this repository out");
    }
}
