package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Bad input is normal input: it ends in a clear error, told to whoever can mend it, and the fleet goes on. */
class BadInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "runner-1.cxsk0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String KEY = "s3cr3t/value+of=the-job";
    private static final String SCRIPT = """
            out=$COX_OUTPUT_DIR
            result=$out/result.json
            topic=$(sed -n 's/.*"topic":"\\([^"]*\\)".*/\\1/p' "$COX_JOB_FILE")
            case $topic in
              good) printf x > "$out/a.png"; echo '{"videoFile":"a.png"}' > "$result" ;;
              no-scenes) echo '{"story":{"scenes":[]},"videoUrl":"https://example.org/v.mp4"}' > "$result" ;;
              no-result) ;;
              half-a-result) printf '{"story":{' > "$result" ;;
              an-array) echo '[]' > "$result" ;;
              folder-as-result) mkdir "$result" ;;
              huge-result) head -c 9000000 /dev/zero | tr '\\0' ' ' > "$result" ;;
              dot-dot) echo secret > secret.png; echo '{"videoFile":"../secret.png"}' > "$result" ;;
              absolute) echo '{"assets":[{"file":"/etc/passwd","path":"a.txt"}]}' > "$result" ;;
              link-out) ln -s /etc/passwd "$out/a.txt"; echo '{"assets":[{"file":"a.txt"}],"videoFile":"a.txt"}' > "$result" ;;
              no-file) echo '{"videoFile":"missing.mp4"}' > "$result" ;;
              empty-file) : > "$out/a.mp4"; echo '{"videoFile":"a.mp4"}' > "$result" ;;
              grows) head -c 100000 /dev/zero > "$out/grows.mp4"; echo '{"videoFile":"grows.mp4"}' > "$result" ;;
              vanishes) echo x > "$out/vanishes.mp4"; echo '{"videoFile":"vanishes.mp4"}' > "$result" ;;
              endless-log) while :; do echo 0123456789012345678901234567890123456789; done ;;
              too-large-for-limit) ulimit -f 1; head -c 1000000 /dev/zero > "$out/a.mp4" ;;
              output-is-a-file) rm -rf "$out"; echo x > "$out" ;;
              silent) exit 3 ;;
              mask) echo "no access with $API_KEY" >&2; exit 1 ;;
              colours) printf '\\033[31mred\\033[0m \\007 words\\n' >&2; exit 1 ;;
              killed) kill -9 $$ ;;
              too-slow) sleep 600 ;;
              *) echo "no such topic: $topic" >&2; exit 9 ;;
            esac
            """;

    @TempDir
    static Path folder;
    private static final ScriptedStudio STUDIO = new ScriptedStudio();
    private static Supervisor supervisor;
    private static SupervisorFolder files;

    @BeforeAll
    static void start() {
        files = new SupervisorFolder(folder);
        files.write(STUDIO.uri(), List.of(TOKEN), 1, "logs: { maxPerJob: 256KiB }", SCRIPT,
                ", timeout: 4s, env: { API_KEY: \"${KEY_OF_THE_JOB}\" }");
        supervisor = start(files);
    }

    private static Supervisor start(SupervisorFolder files) {
        Map<String, String> environment = Map.of("KEY_OF_THE_JOB", KEY, "PATH", System.getenv("PATH"));
        return Objects.requireNonNull(Supervisor
                .start(() -> new FleetFileLoader().load(files.config(), environment), environment).block(PATIENCE));
    }

    @AfterAll
    static void stop() {
        supervisor.fleet().drain();
        assertThat(supervisor.drained().block(PATIENCE)).isZero();
        supervisor.stop().block(PATIENCE);
        STUDIO.close();
        assertThat(files.workspacesLeft()).isEmpty();
        assertThat(files.processesLeft()).isEmpty();
        assertThat(files.openLeases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no-scenes           | story.scenes must be a non-empty array
            no-result           | output/result.json is missing: the command ended with exit code 0
            half-a-result       | output/result.json is no complete JSON object; it ends at line 1
            an-array            | output/result.json holds something else than a JSON object
            folder-as-result    | output/result.json can't be used; expected is a regular file of at most 8 MiB
            huge-result         | output/result.json can't be used; expected is a regular file of at most 8 MiB
            dot-dot             | ../secret.png
            absolute            | must be relative to the result's folder
            link-out            | the path leaves the workspace through a symbolic link
            no-file             | there is no file missing.mp4 to upload
            empty-file          | a.mp4 is empty: 0 bytes are no artifact
            endless-log         | the job wrote more than 256 KiB of log (supervisor.logs.maxPerJob)
            too-large-for-limit | File size limit exceeded
            output-is-a-file    | output/result.json
            silent              | exit code 3
            colours             | red words
            killed              | exit code 137
            too-slow            | job did not end within 4s
            """)
    void aBadJobFailsWithItsReasonAndTheNextOneIsDone(String topic, String reason) {
        String bad = STUDIO.offer(topic);
        String good = STUDIO.offer("good");
        assertThat(STUDIO.awaitEnd(bad).error()).contains(reason).hasSizeLessThan(500).doesNotContain(TOKEN)
                .doesNotContain("\n").doesNotContain("Exception");
        assertThat(STUDIO.awaitEnd(good).error()).isNull();
    }

    @Test
    void aMaskedValueIsNotInTheReason() {
        assertThat(STUDIO.awaitEnd(STUDIO.offer("mask")).error()).contains("no access with").doesNotContain(KEY);
    }

    @Test
    void aFileThatGrowsAfterItWasMeasuredFailsTheJob() {
        String bad = STUDIO.offer("grows");
        STUDIO.beforeSigning(bad, () -> append("grows.mp4"));
        String good = STUDIO.offer("good");
        assertThat(STUDIO.awaitEnd(bad).error())
                .contains("grows.mp4 changed while it was uploaded: 100000 → 100010 bytes");
        assertThat(STUDIO.awaitEnd(good).error()).isNull();
    }

    @Test
    void aFileThatVanishesFailsTheJob() {
        String bad = STUDIO.offer("vanishes");
        STUDIO.beforeSigning(bad, () -> delete("vanishes.mp4"));
        String good = STUDIO.offer("good");
        assertThat(STUDIO.awaitEnd(bad).error()).contains("vanishes.mp4 vanished before it was uploaded");
        assertThat(STUDIO.awaitEnd(good).error()).isNull();
    }

    static final List<ScriptedStudio.Answer> NONSENSE = List.of(ScriptedStudio.Answer.json("{\"leased\":tr"),
            ScriptedStudio.Answer.json("[]"), ScriptedStudio.Answer.json(""),
            ScriptedStudio.Answer.json("{\"leased\":true}"),
            ScriptedStudio.Answer.json("{\"leased\":true,\"projectId\":7e99}"),
            ScriptedStudio.Answer.html(200), ScriptedStudio.Answer.html(503),
            ScriptedStudio.Answer.json("{\"leased\":\"\u0000".repeat(100_000)));

    @ParameterizedTest
    @FieldSource("NONSENSE")
    void nonsenseInsteadOfALeaseIsShownAndTheNextJobIsDone(ScriptedStudio.Answer nonsense) {
        STUDIO.offer(nonsense);
        String good = STUDIO.offer("good");
        assertThat(STUDIO.awaitEnd(good).error()).isNull();
        String shown = supervisor.fleet().status().controlPlanes().get(0).lastError();
        assertThat(shown).contains("lease").hasSizeLessThan(1_000).doesNotContain(TOKEN).doesNotContain("\u0000");
    }

    /** A full disk at each place that matters; needs the right to mount. */
    @Test
    void aFullDiskFailsTheJobsInWordsAndTheFleetGoesOnWhenThereIsRoom(@TempDir Path elsewhere) throws Exception {
        Path small = Files.createDirectory(elsewhere.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString()), "may not mount");
        try (ScriptedStudio studio = new ScriptedStudio()) {
            SupervisorFolder full = new SupervisorFolder(elsewhere, small.resolve("work"));
            full.write(studio.uri(), List.of(TOKEN), 1, "", """
                    if grep -q fill "$COX_JOB_FILE"; then head -c 1000000 /dev/zero > "$COX_OUTPUT_DIR/a.mp4"; exit; fi
                    echo '{"videoUrl":"https://example.org/v.mp4"}' > "$COX_OUTPUT_DIR/result.json"
                    """, "");
            Supervisor other = Objects.requireNonNull(
                    Supervisor.start(() -> new FleetFileLoader().load(full.config(), Map.of()), Map.of())
                            .block(PATIENCE));
            try {
                assertThat(studio.awaitEnd(studio.offer("fill")).error()).contains("No space left on device");
                Path stuffing = Files.createFile(small.resolve("stuffing"));
                fill(stuffing);
                assertThat(studio.awaitEnd(studio.offer("good")).error()).contains("No space left on device");
                Files.delete(stuffing);
                assertThat(studio.awaitEnd(studio.offer("good")).error()).isNull();
            } finally {
                other.stop().block(PATIENCE);
            }
        } finally {
            assertThat(run("umount", "-l", small.toString())).isTrue();
        }
    }

    @Test
    void aFullDiskUnderTheJournalFailsTheJobBeforeItBegins(@TempDir Path elsewhere) throws Exception {
        Path state = Files.createDirectory(elsewhere.resolve("state"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", state.toString()), "may not mount");
        try (ScriptedStudio studio = new ScriptedStudio()) {
            SupervisorFolder full = new SupervisorFolder(elsewhere);
            full.write(studio.uri(), List.of(TOKEN), 1, "", """
                    echo '{"videoUrl":"https://example.org/v.mp4"}' > "$COX_OUTPUT_DIR/result.json"
                    """, "");
            Supervisor other = Objects.requireNonNull(
                    Supervisor.start(() -> new FleetFileLoader().load(full.config(), Map.of()), Map.of())
                            .block(PATIENCE));
            try {
                Path stuffing = Files.createFile(state.resolve("stuffing"));
                fill(stuffing);
                assertThat(studio.awaitEnd(studio.offer("good")).error())
                        .isEqualTo("the runner could not write its journal; the job was not started");
                Files.delete(stuffing);
                assertThat(studio.awaitEnd(studio.offer("good")).error()).isNull();
            } finally {
                other.stop().block(PATIENCE);
            }
        } finally {
            assertThat(run("umount", "-l", state.toString())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/coxswain", "%s/a-file/state"})
    void aStateFolderThatCannotBeWrittenIsExitCode2AndSaysSo(String stateDir, @TempDir Path elsewhere)
            throws Exception {
        Files.createFile(elsewhere.resolve("a-file"));
        SupervisorFolder bad = new SupervisorFolder(elsewhere);
        bad.write(STUDIO.uri(), List.of(TOKEN), 1, "", "exit 1", "");
        String place = stateDir.formatted(elsewhere);
        Files.writeString(bad.config(),
                Files.readString(bad.config()).replace("stateDir: ./state", "stateDir: \"" + place + "\""));
        try (SupervisorProcess process = new SupervisorProcess(bad, Map.of())) {
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(process.logText()).contains("cox: cannot make the state folder " + place)
                    .contains("set supervisor.stateDir to another one").doesNotContain("\tat ");
        }
    }

    private static void append(String name) {
        try {
            Files.writeString(find(name), "0123456789", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(String name) {
        try {
            Files.delete(find(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(String name) throws IOException {
        try (Stream<Path> all = Files.walk(files.work())) {
            return all.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
        }
    }

    private static void fill(Path file) {
        try {
            byte[] block = new byte[4096];
            for (int i = 0; i < 1_000; i++) {
                Files.write(file, block, StandardOpenOption.APPEND);
            }
            throw new AssertionError("the disk is not full yet");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor() == 0;
    }
}
