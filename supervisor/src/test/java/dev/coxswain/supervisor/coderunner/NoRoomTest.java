package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** A full disk is told from other trouble by what the system and SQLite really say. */
class NoRoomTest {
    @TempDir
    Path dir;

    @Test
    @EnabledOnOs(OS.LINUX)
    void theSystemSaysSo() {
        // the system's own full device
        Throwable full = catchThrowable(() -> Files.write(Path.of("/dev/full"), "x".getBytes(UTF_8)));

        assertThat(full).isInstanceOf(IOException.class);
        assertThat(NoRoom.is(new StoreException("the store failed", full))).isTrue();
        assertThat(NoRoom.is(new FileSystemException("/code", null, "Disk quota exceeded"))).isTrue();
    }

    @Test
    void sqliteSaysSo() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("full.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (v BLOB)");
            statement.execute("PRAGMA max_page_count = 3");

            Throwable full = catchThrowable(() -> statement.execute("INSERT INTO t VALUES (zeroblob(1000000))"));

            assertThat(full).isInstanceOf(SQLException.class);
            assertThat(NoRoom.is(new StoreException("the store failed", full))).isTrue();
            Throwable wrong = catchThrowable(() -> statement.execute("INSERT INTO u VALUES (1)"));
            assertThat(NoRoom.is(new StoreException("the store failed", wrong))).isFalse();
        }
    }

    @Test
    void otherTroubleIsOther() {
        assertThat(NoRoom.is(new NoSuchFileException("/gone"))).isFalse();
        assertThat(NoRoom.is(new IOException())).isFalse();
        assertThat(NoRoom.is(new IllegalStateException("No space left on device"))).isFalse();
    }
}
