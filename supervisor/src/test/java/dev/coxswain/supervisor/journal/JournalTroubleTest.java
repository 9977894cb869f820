package dev.coxswain.supervisor.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static dev.coxswain.supervisor.journal.Journals.done;
import static dev.coxswain.supervisor.journal.Journals.keys;
import static dev.coxswain.supervisor.journal.Journals.lease;
import static dev.coxswain.supervisor.journal.Journals.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Full disks, damaged files and the like: a clear text, and nothing deleted. */
class JournalTroubleTest {
    @TempDir
    Path folder;

    @Test
    void aFullDiskFailsTheWriteThatDoesNotFitAndOnlyThat() {
        SqliteJournal journal = open(file(), took -> {}, new SqliteJournal.Limits(65_536, 8_192, 10_000, 40));
        done(journal.claimed(lease("a")));
        done(journal.claimed(lease("b")));
        String large = "x".repeat(400_000);

        StepVerifier
                .create(Flux.mergeDelayError(16, journal.claimed(lease("c")),
                        journal.outcome("a", new Outcome.Complete(large)), journal.claimed(lease("d"))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(JournalException.class)
                        .hasMessageContaining("no room for the journal " + file()).hasMessageContaining("free space"))
                .verify(Journals.PATIENCE);

        done(journal.settled("b"));
        done(journal.outcome("a", new Outcome.Fail(Outcome.Cause.FAILURE, "too large")));
        assertThat(keys(journal)).containsExactly("a", "c", "d");
        done(journal.close());
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws Exception {
        byte[] garbage = "these are my notes, not a journal\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        Files.write(file(), garbage);

        assertThatThrownBy(() -> open(file())).isInstanceOf(JournalException.class).hasMessageContaining("is damaged")
                .hasMessageContaining(file().toString()).hasMessageContaining("move it");
        assertThat(Files.readAllBytes(file())).isEqualTo(garbage);
    }

    @Test
    void aDamagedPageIsFoundAtTheStart() throws Exception {
        SqliteJournal journal = open(file());
        for (int i = 0; i < 200; i++) {
            done(journal.claimed(lease("k" + i)));
        }
        done(journal.close());
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(file(), bytes);

        assertThatThrownBy(() -> open(file())).isInstanceOf(JournalException.class).hasMessageContaining("is damaged")
                .hasMessageContaining(file().toString());
        assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
    }

    @Test
    void aNewerSchemaIsRefused() throws Exception {
        done(open(file()).close());
        sql("PRAGMA user_version = 99");

        assertThatThrownBy(() -> open(file())).isInstanceOf(JournalException.class)
                .hasMessageContaining("newer coxswain (schema 99").hasMessageContaining(file().toString());
    }

    @Test
    void somebodyElsesDatabaseIsRefused() throws Exception {
        sql("CREATE TABLE recipes (name TEXT)");

        assertThatThrownBy(() -> open(file())).isInstanceOf(JournalException.class)
                .hasMessageContaining("no journal of coxswain").hasMessageContaining(file().toString());
    }

    @Test
    void aFolderInTheWayOfTheFileIsNamed() throws Exception {
        Files.createDirectory(file());

        assertThatThrownBy(() -> open(file())).isInstanceOf(JournalException.class)
                .hasMessageContaining("no regular file").hasMessageContaining("supervisor.stateDir");
    }

    @Test
    void aFileInTheWayOfTheFolderIsNamed() throws Exception {
        Files.writeString(folder.resolve("state"), "");

        assertThatThrownBy(() -> open(folder.resolve("state/journal.db"))).isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot make the journal");
        assertThatThrownBy(() -> StateLock.take(folder.resolve("state"))).isInstanceOf(JournalException.class)
                .hasMessageContaining("state folder");
    }

    @Test
    void aReadOnlyFolderIsNamed() throws Exception {
        // root may write into any folder of a disk, but not into the kernel's own
        boolean root = "root".equals(System.getProperty("user.name"));
        Path file = root ? Path.of("/sys/kernel/journal.db") : file();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
        try {
            assertThatThrownBy(() -> open(file)).isInstanceOf(JournalException.class)
                    .hasMessageContaining("permission denied").hasMessageContaining("writable");
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aPathTheDriverWouldMisreadIsRefused() {
        assertThatThrownBy(() -> open(folder.resolve("what?mode=memory/journal.db")))
                .isInstanceOf(JournalException.class).hasMessageContaining("'?'");
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private Path file() {
        return folder.resolve("journal.db");
    }
}
