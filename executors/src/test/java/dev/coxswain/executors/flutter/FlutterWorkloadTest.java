package dev.coxswain.executors.flutter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.git.GitRepository;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** Whole builds, as real processes, of repositories that git made. */
class FlutterWorkloadTest {
    private static final String SIMPLE = """
            version: 1
            platforms: [android]
            commands:
              build: ["%s"]
            artifacts: {}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    BuildHost host;

    @SuppressWarnings("NullAway.Init")
    GitRepository repository;

    @BeforeEach
    void make() {
        host = new BuildHost(folder);
        repository = GitRepository.at(folder.resolve("app"));
    }

    @AfterEach
    void close() {
        assertThat(host.running()).isZero();
        host.close();
    }

    private Documents of(String command) {
        return new Documents(repository.url()).commit(repository.file(".oore.yaml", SIMPLE.formatted(command))
                .commit());
    }

    @Test
    void aBuildRunsItsStagesInOrderAndNamesWhatItLeaves() {
        String sha = repository.file(".oore.yaml", """
                version: 1
                platforms: [android]
                commands:
                  pre_build: ["mkdir -p out && echo one > out/one.txt"]
                  build: ["echo two > out/two.txt", "echo bad >&2"]
                  post_build: ["cat out/one.txt out/two.txt"]
                artifacts:
                  patterns: ["out/*.txt", "two.*", "**/*.txt"]
                """).commit();

        Story story = host.run(new Documents(repository.url()).commit(sha).branch("main"));

        assertThat(story.steps()).containsExactly("checkout", "pre_build-1", "build-1", "build-2", "post_build-1",
                "artifacts");
        assertThat(story.ends()).containsExactly("checkout 0", "pre_build-1 0", "build-1 0", "build-2 0",
                "post_build-1 0", "artifacts 0");
        assertThat(story.result()).isEqualTo(new JobResult.Succeeded(
                "{\"artifacts\":[{\"file\":\"out/one.txt\"},{\"file\":\"out/two.txt\"}]}", "checkout"));
        assertThat(story.stdout()).contains("$ cat out/one.txt out/two.txt\n", "\none\ntwo\n");
        assertThat(story.text(Stream.STDERR)).isEqualTo("bad\n");
    }

    @Test
    void theFirstCommandThatFailsEndsTheBuild() {
        Story story = host.run(of("echo once >&2; echo it is broken >&2; exit 3"));

        assertThat(story.ends()).containsExactly("checkout 0", "build-1 3");
        assertThat(story.failure()).isEqualTo("build-1 failed with exit code 3: it is broken");
    }

    @Test
    void aToolThatIsMissingIsNamedAsSuch() {
        assertThat(host.run(of("no-such-tool-here --fast")).failure())
                .startsWith("build-1 failed with exit code 127 (a tool that it needs is missing on this host): ")
                .contains("no-such-tool-here");
    }

    @Test
    void commandsSeeTheBuildsFactsThePlansVariablesAndNothingOfTheSupervisors() {
        String sha = repository.file("README", "x").commit();
        Documents document = new Documents(repository.url()).commit(sha).branch("main")
                .platformCommand("android", "true").commands("post_build", "env", "pwd")
                .env(Map.of("BUILD_NUMBER", "mine", "OORE_ANDROID_KEY_PASSWORD", "no"));
        host.tool("fvm", "exit 0");

        String output = host.run(document).stdout();

        String env = output.substring(output.indexOf("$ env\n"), output.indexOf("$ pwd\n"));
        assertThat(env.lines().skip(2).toList()).contains("BUILD_NUMBER=mine", "PROJECT_BUILD_NUMBER=7",
                "BUILD_ID=b-1", "PROJECT_ID=p-1", "PIPELINE_ID=l-1", "BRANCH=main", "COMMIT_SHA=" + sha, "CI=true",
                "ANDROID_HOME=/opt/sdk", "JAVA_HOME=/opt/jdk");
        assertThat(env.lines().skip(2).map(line -> line.substring(0, line.indexOf('=')))).containsExactlyInAnyOrder(
                "BUILD_NUMBER", "PROJECT_BUILD_NUMBER", "BUILD_ID", "PROJECT_ID", "PIPELINE_ID", "BRANCH",
                "COMMIT_SHA", "CI", "ANDROID_HOME", "JAVA_HOME", "PATH", "HOME", "LANG", "PWD", "COX_WORKSPACE",
                "COX_COMMAND");
        String home = env.lines().filter(line -> line.startsWith("HOME=")).findFirst().orElseThrow().substring(5);
        assertThat(output).endsWith("\n" + home + "/checkout\n");
    }

    @Test
    void theVariablesFileReplacesALinkAndDoesNotFollowIt() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "untouched");
        String sha = repository.link(".env", precious.toString()).commit();
        host.tool("fvm", "exit 0");
        Documents document = new Documents(repository.url()).commit(sha).platformCommand("android", "cat .env")
                .env(Map.of("FLAVOUR", "blue"));

        Story story = host.run(document, JobAccess.NONE, workspace -> {
            Path file = workspace.resolve("checkout/.env");
            assertThat(Files.isSymbolicLink(file)).isFalse();
            try {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file,
                        LinkOption.NOFOLLOW_LINKS))).isEqualTo("rw-------");
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(story.stdout()).contains("\nFLAVOUR=blue\n");
        assertThat(precious).hasContent("untouched");
    }

    @Test
    void aFolderInThePlaceOfTheVariablesFileEndsTheBuild() {
        String sha = repository.file(".env/x", "x").commit();

        assertThat(host.run(new Documents(repository.url()).commit(sha).env(Map.of("A", "b"))).failure())
                .contains(".env").contains("folder");
    }

    @Test
    void aBuildThatIsCancelledLeavesNoProcess() {
        Documents document = of("echo going; sleep 600 & sleep 600");
        Workspace workspace = host.open();

        StepVerifier.create(host.workload().run(new Job("key", "b-1", document.toString()), workspace)
                .ofType(ExecutionEvent.Output.class).map(output -> new String(output.bytes(), StandardCharsets.UTF_8))
                .filter("going\n"::equals)).expectNext("going\n").thenCancel().verify(BuildHost.PATIENCE);
        workspace.close().block(BuildHost.PATIENCE);

        assertThat(host.running()).isZero();
        assertThat(Path.of(workspace.pathOf(""))).doesNotExist();
    }

    @Test
    void aBuildThatTakesTooLongIsStoppedWithAllItStarted() {
        host.checkoutTook = BuildHost.TIMEOUT.minusMillis(1500);

        Story story = host.run(of("sleep 600 & sleep 600"));

        assertThat(story.result())
                .isEqualTo(new JobResult.TimedOut("the build did not end within 55m: it was stopped in build-1"));
        assertThat(story.ends()).hasSize(2).last().asString().startsWith("build-1 ");
    }

    @Test
    void aCommandThatAnswersTheTimeLimitWithSuccessIsNoSuccess() {
        host.checkoutTook = BuildHost.TIMEOUT.minusMillis(1500);

        Story story = host.run(of("trap 'exit 0' TERM; sleep 600 & wait"));

        assertThat(story.result()).isInstanceOf(JobResult.TimedOut.class);
        assertThat(story.steps()).containsExactly("checkout", "build-1");
    }

    @Test
    void patternsThatMatchNothingEndTheBuild() {
        String sha = repository.file("README", "x").commit();
        host.tool("fvm", "exit 0");
        Documents document = new Documents(repository.url()).commit(sha).platformCommand("android", "true")
                .patterns("build/*.apk", "*.ipa");

        Story story = host.run(document);

        assertThat(story.failure()).isEqualTo("no file matches the artifact patterns: build/*.apk, *.ipa");
        assertThat(story.ends()).last().isEqualTo("artifacts 1");
    }

    @Test
    void linksAndDotFoldersAreNoArtifacts() {
        String sha = repository.file("real.txt", "x").file(".hidden/other.txt", "x").link("link.txt", "real.txt")
                .link("folder", ".hidden").commit();
        host.tool("fvm", "exit 0");

        assertThat(host.run(new Documents(repository.url()).commit(sha).platformCommand("android", "true")
                .patterns("**/*.txt", "*.txt")).document()).isEqualTo("{\"artifacts\":[{\"file\":\"real.txt\"}]}");
    }

    @Test
    void aFileOfThePlanThatLeadsOutOfTheCheckoutEndsTheBuild() {
        Path outside = folder.resolve("outside.yaml");
        repository.file("x", "x").link(".oore.yml", "../gitconfig");
        String beside = repository.commit();

        assertThat(host.run(new Documents(repository.url()).commit(beside)).failure())
                .isEqualTo(".oore.yml can't be used: it is a link that leads out of the checkout");
        try {
            Files.writeString(outside, SIMPLE.formatted("true"));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        String far = repository.link(".oore.yaml", outside.toString()).commit();
        assertThat(host.run(new Documents(repository.url()).commit(far)).failure())
                .startsWith(".oore.yaml can't be used: ").contains("symbolic link");
        String inside = repository.file("ci/plan.yaml", SIMPLE.formatted("true")).link("ci/link.yaml", "plan.yaml")
                .commit();
        assertThat(host.run(new Documents(repository.url()).commit(inside).explicit("ci/link.yaml")).steps())
                .containsExactly("checkout", "build-1");
    }

    @Test
    void anAppIsSignedAfterEachCommandThatMakesOneAndTheKeysAreGivenBack() {
        RecordingSigner signer = new RecordingSigner(AndroidSigner.Variant.RELEASE);
        host.signer = signer;
        host.tool("flutter", "echo flutter \"$@\"");
        String sha = repository.file(".oore.yaml", """
                version: 1
                platforms: [android]
                commands:
                  build: [echo first, flutter build apk, "fvm flutter build appbundle --release"]
                artifacts: {}
                """).commit();
        host.tool("fvm", "echo fvm \"$@\"");

        Story story = host.run(new Documents(repository.url()).commit(sha));

        assertThat(story.steps()).containsExactly("checkout", "pre_build-1", "build-1", "build-2", "android-sign",
                "build-3", "android-sign");
        assertThat(signer.calls).isEqualTo(
                List.of("fetch", "sign RELEASE checkout", "sign RELEASE checkout", "close"));
        assertThat(story.stdout()).contains("fvm use stable --force --skip-pub-get\n", "fvm flutter build apk\n");
    }
}
