package dev.coxswain.supervisor.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** kill -9 at any instant: what was acknowledged is there. */
class JournalCrashTest {
    @TempDir
    Path folder;
    @TempDir
    Path temporary;

    @RepeatedTest(3)
    void everyAcknowledgedWriteSurvivesAKill() throws Exception {
        long seed = System.nanoTime();
        int killAfter = new Random(seed).nextInt(1, 4_000);
        Set<String> acknowledged = runAndKill(killAfter);
        assertThat(acknowledged).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(killAfter);

        try (StateLock lock = StateLock.take(folder)) {
            SqliteJournal journal = Journals.open(folder.resolve("journal.db"));
            Map<String, Journal.OpenLease> open = Journals.openLeases(journal).stream()
                    .collect(Collectors.toMap(lease -> lease.lease().key(), Function.identity()));
            for (String line : acknowledged) {
                String key = line.substring(line.indexOf(' ') + 1);
                boolean settledAcknowledged = acknowledged.contains("settled " + key);
                boolean mayBeSettled = Integer.parseInt(key.substring(1)) % 3 == 2
                        && acknowledged.contains("decided " + key);
                assertThat(open.containsKey(key)).as("%s with seed %d", line, seed)
                        .isIn(settledAcknowledged ? Set.of(false) : mayBeSettled ? Set.of(true, false) : Set.of(true));
                if (line.startsWith("decided") && open.containsKey(key)) {
                    assertThat(open.get(key).outcome())
                            .isEqualTo(new Outcome.Complete("{\"n\":" + key.substring(1) + "}"));
                }
            }
            Journals.done(journal.close());
        }
    }

    @Test
    void aKilledWriterLeavesNoLibraryForEver() throws Exception {
        for (int life = 0; life < 3; life++) {
            runAndKill(1);

            assertThat(temporary).isEmptyDirectory();
            // this life's own, and none of those before
            assertThat(folder.resolve("native")).isDirectoryContaining(file -> file.toString().contains("sqlite"));
            try (Stream<Path> left = Files.list(folder.resolve("native"))) {
                assertThat(left.filter(file -> !file.toString().endsWith(".lck"))).hasSize(1);
            }
        }
    }

    private Set<String> runAndKill(int killAfter) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                CrashingWriter.class.getName(), folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines = writer.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            assertThatThrownBy(() -> StateLock.take(folder)).isInstanceOf(JournalException.class)
                    .hasMessageContaining("another coxswain (pid " + writer.pid() + ")");
            String last = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (last != null) {
                    acknowledged.add(last);
                }
                last = line;
                if (acknowledged.size() == killAfter) {
                    // by its handle: the process' own method also closes the pipe that holds the last lines
                    writer.toHandle().destroyForcibly();
                }
            }
            // the last line may have been cut short by the kill, so it does not count
        } finally {
            writer.destroyForcibly().waitFor();
        }
        return acknowledged;
    }
}
