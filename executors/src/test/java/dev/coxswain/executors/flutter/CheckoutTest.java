package dev.coxswain.executors.flutter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.git.GitRepository;
import dev.coxswain.executors.git.GitServer;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Checkouts with the git of this host, from paths and from a server on loopback. */
class CheckoutTest {
    private static final String PLAN = """
            version: 1
            platforms: [android]
            commands:
              build: ["git rev-list --count HEAD; cat file; cat sub/file 2>/dev/null; git config --list --local"]
            artifacts: {}
            """;
    private static final String HEADER = "Authorization: Bearer runner-token";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    BuildHost host;

    @SuppressWarnings("NullAway.Init")
    GitRepository repository;

    @SuppressWarnings("NullAway.Init")
    GitServer server;

    @BeforeEach
    void make() {
        host = new BuildHost(folder);
        repository = GitRepository.at(folder.resolve("app")).file(".oore.yaml", PLAN);
        server = new GitServer();
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(host.running()).isZero();
        host.close();
    }

    private static JobAccess guarded(String url) {
        return new JobAccess() {
            @Override
            public @Nullable SourceAccess sources() {
                return new SourceAccess(url, HEADER);
            }

            @Override
            public Mono<byte[]> signing(Platform platform) {
                return Mono.empty();
            }
        };
    }

    private String history(int commits) {
        String first = repository.file("file", "first\n").commit();
        for (int i = 1; i < commits; i++) {
            repository.file("file", "later " + i + "\n").commit();
        }
        return first;
    }

    @Test
    void aCommitInTheMiddleOfTheHistoryIsAllThatIsFetched() {
        String first = history(4);

        Story story = host.run(new Documents(repository.url()).commit(first).branch("main"));

        assertThat(story.stdout()).contains("\n1\nfirst\n").doesNotContain("later");
        assertThat(story.ends()).containsExactly("checkout 0", "build-1 0");
    }

    @Test
    void aBranchIsCheckedOutAtItsTipAndATagOfTheNameServesWhenThereIsNoBranch() {
        String first = history(3);
        repository.git("tag", "--annotate", "--message=one", "v1.0", first);

        assertThat(host.run(new Documents(repository.url()).branch("main")).stdout()).contains("\n1\nlater 2\n");
        assertThat(host.run(new Documents(repository.url()).branch("v1.0")).stdout()).contains("\n1\nfirst\n");
        assertThat(host.run(new Documents(repository.url()).branch("v2.0")).failure())
                .startsWith("there is no branch and no tag v2.0: git ended with exit code 128");
    }

    @Test
    void aCommitThatNobodyHasEndsTheBuild() {
        history(1);

        Story story = host.run(new Documents(repository.url()).commit("1".repeat(40)));

        assertThat(story.failure()).startsWith("commit " + "1".repeat(40) + " could not be fetched: git ended with ");
        assertThat(story.ends()).containsExactly("checkout 128");
        assertThat(host.run(new Documents(repository.url()).commit("1".repeat(40)).branch("main")).failure())
                .startsWith("commit " + "1".repeat(40) + " is not on main of the repository");
    }

    @Test
    void aServerThatHandsOutTipsOnlyGivesTheCommitThroughItsBranch() {
        String first = history(3);
        server.tipsOnly = true;

        Story story = host.run(new Documents(server.serve("app", repository)).commit(first).branch("main"));

        assertThat(story.stdout()).contains("# the server hands out no single commit: fetching all of main\n",
                "\n1\nfirst\n");
    }

    @Test
    void aServerThatIsBusyForAMomentIsAskedAgain() {
        String first = history(2);
        server.busy.set(1);

        Story story = host.run(new Documents(server.serve("app.git", repository)).commit(first).branch("main"));

        assertThat(story.ends()).containsExactly("checkout 0", "build-1 0");
        assertThat(story.stdout()).contains("first\n");
    }

    @Test
    void linksAreCheckedOutAsLinks() {
        String sha = repository.file("file", "text\n").link("also", "file").link("away", "/etc/hostname").commit();

        host.run(new Documents(repository.url()).commit(sha), JobAccess.NONE, workspace -> {
            assertThat(workspace.resolve("checkout/also")).isSymbolicLink();
            assertThat(workspace.resolve("checkout/away")).isSymbolicLink();
        });
    }

    @Test
    void submodulesComeWithTheRepositoryAndTheirFailureIsTold() throws IOException {
        GitRepository sub = GitRepository.at(folder.resolve("sub")).file("file", "old sub\n");
        sub.commit();
        repository.file("file", "text\n").git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                "../sub", "sub");
        String sha = repository.commit();
        sub.file("file", "new sub\n").commit();

        Story story = host.run(new Documents(repository.url()).commit(sha));

        assertThat(story.stdout()).contains("\ntext\nold sub\n");
        Files.move(sub.folder, folder.resolve("gone"));
        Story failed = host.run(new Documents(repository.url()).commit(sha));
        assertThat(failed.failure()).startsWith("the submodules could not be updated: git ended with exit code ");
        assertThat(failed.steps()).containsExactly("checkout");
    }

    @Test
    void aRepositoryOfTheNetNamesNoFolderOfThisHostAsItsSubmodule() {
        GitRepository secret = GitRepository.at(folder.resolve("secret")).file("file", "of this host\n");
        secret.commit();
        repository.file("file", "text\n").git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                secret.url(), "sub");
        String sha = repository.commit();

        Story story = host.run(new Documents(server.serve("app", repository)).commit(sha));

        assertThat(story.failure()).startsWith("the submodules could not be updated");
        assertThat(story.text(CommandEvent.Stream.STDERR)).contains("transport 'file' not allowed");
        assertThat(story.stdout()).doesNotContain("of this host");
    }

    @Test
    void theProxysHeaderComesWithTheFetchAndNowhereElse() {
        GitRepository sub = GitRepository.at(folder.resolve("sub")).file("file", "sub\n");
        sub.commit();
        String subUrl = server.serve("sub", sub);
        repository.file("file", "text\n").git("submodule", "--quiet", "add", subUrl, "sub");
        String sha = repository.commit();
        server.seen.clear();
        String proxy = server.serve("proxy/app.git", repository);

        Story story = host.run(new Documents(server.base() + "/original").commit(sha), guarded(proxy),
                workspace -> assertThat(filesWith(workspace, "runner-token")).isEmpty());

        assertThat(story.stdout()).contains("\ntext\nsub\n", "remote.origin.url=" + server.base() + "/original\n")
                .doesNotContain("runner-token", "xtraheader");
        assertThat(server.seen).filteredOn(each -> each.startsWith("/proxy/")).isNotEmpty()
                .allMatch(each -> each.endsWith(" Bearer runner-token"));
        assertThat(server.seen).filteredOn(each -> each.startsWith("/sub")).isNotEmpty()
                .allMatch(each -> each.endsWith(" null"));
    }

    @Test
    void nobodyIsLedElsewhereWithTheHeader() {
        String sha = repository.file("file", "text\n").commit();
        try (GitServer other = new GitServer()) {
            other.serve("app", repository);
            server.redirectTo = other.base();

            Story story = host.run(new Documents("https://x.invalid/app").commit(sha),
                    guarded(server.base() + "/app"), workspace -> {});

            assertThat(story.failure()).startsWith("commit " + sha + " could not be fetched");
            assertThat(other.seen).isEmpty();
        }
    }

    @Test
    void aCredentialInTheUrlBecomesAHeaderAndIsWrittenNowhere() {
        String sha = repository.file("file", "text\n").commit();
        String url = server.serve("app", repository);

        Story story = host.run(new Documents(url.replace("http://", "http://me:pa%20ss-w0rd@")).commit(sha),
                JobAccess.NONE, workspace -> assertThat(filesWith(workspace, "ss-w0rd")).isEmpty());

        assertThat(story.stdout()).contains("\ntext\n", "remote.origin.url=" + url + "\n").doesNotContain("w0rd");
        assertThat(server.seen).isNotEmpty().allMatch(each -> each.endsWith(" Basic "
                + Base64.getEncoder().encodeToString("me:pa ss-w0rd".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void hooksOfNobodyRunDuringACheckout() throws IOException {
        Path templates = Files.createDirectories(folder.resolve("templates/hooks"));
        Path ran = folder.resolve("ran");
        Path hook = Files.writeString(templates.resolve("post-checkout"), "#!/bin/sh\ntouch " + ran + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        host.tool("git", "GIT_TEMPLATE_DIR=" + templates.getParent() + " PATH=" + System.getenv("PATH")
                + " exec git \"$@\"");

        Story story = host.run(new Documents(repository.url()).commit(history(1)));

        assertThat(story.ends()).containsExactly("checkout 0", "build-1 0");
        assertThat(ran).doesNotExist();
    }

    private static List<Path> filesWith(Path workspace, String secret) {
        try (Stream<Path> files = Files.walk(workspace)) {
            return files.filter(Files::isRegularFile).filter(file -> {
                try {
                    return Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
