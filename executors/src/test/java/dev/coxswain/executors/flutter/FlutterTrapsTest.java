package dev.coxswain.executors.flutter;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.git.GitRepository;

import static org.assertj.core.api.Assertions.assertThat;

/** The traps of contract oore-ci 16 that are the workload's, by their numbers. */
class FlutterTrapsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    BuildHost host;

    @SuppressWarnings("NullAway.Init")
    GitRepository repository;

    @BeforeEach
    void make() {
        host = new BuildHost(folder).tool("fvm", "echo ran fvm \"$@\"");
        repository = GitRepository.at(folder.resolve("app")).file("README", "x");
    }

    @AfterEach
    void close() {
        assertThat(host.running()).isZero();
        host.close();
    }

    private Documents document() {
        return new Documents(repository.url()).commit(repository.commit()).branch("main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ios", "macos"})
    void trap4WorkForAMacIsRefusedElsewhereBeforeAnythingIsDone(String platform) {
        Story story = host.run(document().platforms("android", platform));

        assertThat(story.events()).hasSize(1);
        assertThat(story.failure()).isEqualTo("this pool can't build " + platform
                + ": that needs macOS, and its host runs another system");
        assertThat(host.run(document().platforms("android", platform).selected(platform)).events()).hasSize(1);
    }

    @Test
    void trap19TheSnapshotsSecretsAreInNoTextOfOurs() {
        Documents document = document().env(Map.of("STORE_PASSWORD", "cl3artext"))
                .platformCommand("android", "exit 4");

        Story story = host.run(document);

        assertThat(story.failure()).isEqualTo("build-1 failed with exit code 4");
        assertThat(story.stdout()).doesNotContain("cl3artext");
        assertThat(BuildJob.read(Documents.MAPPER, document.toString(), new SourceAccess("http://h/a", "A: s3cret"))
                .toString()).doesNotContain("cl3artext", "s3cret");
    }

    @Test
    void trap20APinWithOtherKeysIsAPin() {
        repository.file(".fvmrc",
                "{\"flutter\":\"3.24.0\",\"flavors\":{\"dev\":\"beta\"},\"updateVscodeSettings\":false}");

        assertThat(host.run(document()).stdout()).contains("ran fvm use 3.24.0 --force --skip-pub-get\n",
                "ran fvm flutter build apk --release\n");
    }

    @Test
    void trap20NothingOfABuildSurvivesItNorHoldsItsEndUp() {
        Story story = host.run(document().platformCommand("android", "sleep 600 & (setsid sleep 600 &) ; echo done"));

        assertThat(story.ends()).contains("build-1 0");
        assertThat(story.stdout()).contains("done\n");
    }

    @Test
    void trap20BytesThatAreNoTextAreReadOn() {
        Story story = host.run(document().platformCommand("android", "printf 'a\\377\\376b\\n'; echo after"));

        byte[] wanted = {'a', (byte) 0xFF, (byte) 0xFE, 'b', '\n'};
        assertThat(story.events()).filteredOn(ExecutionEvent.Output.class::isInstance)
                .extracting(event -> ((ExecutionEvent.Output) event).bytes())
                .anySatisfy(bytes -> assertThat(bytes).startsWith(wanted));
        assertThat(story.stdout()).contains("after\n");
    }

    @Test
    void trap20ABranchIsCheckedOutIntoAFolderOfItsOwn() {
        String sha = repository.file("README", "tip").commit();

        Story story = host.run(new Documents(repository.url()).branch("main").platformCommand("android",
                "git rev-parse HEAD; ls -A .."));

        assertThat(story.stdout()).contains("\n" + sha + "\ncheckout\ngitconfig\n");
    }

    @Test
    void trap20NobodyIsAskedForAnything() {
        Story story = host.run(document().platformCommand("android", "read answer || echo nothing to read"));

        assertThat(story.stdout()).contains("nothing to read\n");
        assertThat(story.text(CommandEvent.Stream.STDERR)).isEmpty();
    }

    @Test
    void trap21TheCommitDecidesWhatIsBuiltAndNotTheBranch() {
        String first = repository.file("README", "first\n").commit();
        repository.file("README", "second\n").commit();

        assertThat(host.run(new Documents(repository.url()).commit(first).branch("main")
                .platformCommand("android", "cat README")).stdout()).contains("\nfirst\n").doesNotContain("second");
        assertThat(host.run(new Documents(repository.url()).commit("9".repeat(40)).branch("main")).failure())
                .startsWith("commit 9999");
    }

    @Test
    void trap22APageAlwaysGetsTheDefaultsAndAFileWithCommandsNever() {
        Documents page = document().commands("build", "echo mine");

        assertThat(host.run(page).stdout().lines().filter(line -> line.startsWith("ran ") || line.equals("mine")))
                .isEqualTo(List.of("ran fvm use stable --force --skip-pub-get", "ran fvm flutter pub get",
                        "ran fvm flutter build apk --release", "mine"));
        repository.file(".oore.yaml",
                "version: 1\nplatforms: [android]\ncommands: {build: [echo file]}\nartifacts: {}\n");
        Story file = host.run(document().commands("build", "echo mine"));
        assertThat(file.steps()).containsExactly("checkout", "build-1");
        assertThat(file.stdout()).contains("\nfile\n").doesNotContain("ran fvm", "mine");
    }
}
