package dev.coxswain.supervisor.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** Opens the journal's file: rights, durability, soundness, schema. Never deletes or repairs what it does not like. */
final class JournalFile {
    /** The schema, step by step: step n leads from version n to n + 1. Steps that were shipped never change. */
    static final List<String> MIGRATIONS = List.of("""
            CREATE TABLE lease (
              seq           INTEGER PRIMARY KEY,
              key           TEXT NOT NULL UNIQUE,
              control_plane TEXT NOT NULL,
              pool          TEXT NOT NULL,
              runner        TEXT NOT NULL,
              job_id        TEXT NOT NULL,
              handle        TEXT NOT NULL,
              leased_at     TEXT NOT NULL,
              outcome       TEXT,
              report        TEXT,
              decided_at    TEXT,
              settled       INTEGER NOT NULL DEFAULT 0
            ) STRICT""");

    private static final int BUSY_MILLIS = 5_000;
    private static final int WAL_BYTES = 16 << 20;

    private JournalFile() {}

    /**
     * Opens the file, making it when it is missing.
     *
     * @param maxPages 4 KiB pages that the file may grow to; 0 for no limit
     * @throws JournalException when it can't be used; the text names the file and the way out
     */
    static Connection open(Path file, int maxPages) {
        if (file.toString().indexOf('?') >= 0) {
            // the driver would take what follows for parameters and open another file
            throw new JournalException("the journal's path must not have a '?': " + file, null);
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                StateFiles.folder(folder);
            }
            // made before SQLite opens it, because its -wal and -shm files take over these rights
            StateFiles.file(file);
        } catch (IOException e) {
            throw new JournalException("cannot make the journal " + file + " (" + StateFiles.why(e)
                    + "): make its folder writable for this user, or set supervisor.stateDir to another one", e);
        }
        Connection connection = null;
        boolean usable = false;
        try {
            connection = settings().createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            prepare(connection, file, maxPages);
            usable = true;
            return connection;
        } catch (SQLException e) {
            throw failure(file, e);
        } finally {
            if (!usable && connection != null) {
                closeQuietly(connection);
            }
        }
    }

    private static SQLiteConfig settings() {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setBusyTimeout(BUSY_MILLIS);
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setJournalSizeLimit(WAL_BYTES);
        return settings;
    }

    private static void prepare(Connection connection, Path file, int maxPages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String verdict = text(statement, "PRAGMA quick_check(1)");
            if (!verdict.equals("ok")) {
                throw damaged(file, verdict, null);
            }
            int version = Integer.parseInt(text(statement, "PRAGMA user_version"));
            if (version > MIGRATIONS.size()) {
                throw new JournalException("the journal " + file + " was written by a newer coxswain (schema " + version
                        + ", this one knows " + MIGRATIONS.size() + "): start that version again, let it drain, and "
                        + "move the file away before going back", null);
            }
            if (version == 0 && !text(statement, "SELECT count(*) FROM sqlite_master").equals("0")) {
                throw new JournalException("the file " + file + " is a database, but no journal of coxswain: move it "
                        + "away, or set supervisor.stateDir to another folder", null);
            }
            if (version < MIGRATIONS.size()) {
                statement.executeUpdate("BEGIN IMMEDIATE");
                for (String step : MIGRATIONS.subList(version, MIGRATIONS.size())) {
                    statement.executeUpdate(step);
                }
                statement.executeUpdate("PRAGMA user_version = " + MIGRATIONS.size());
                statement.executeUpdate("COMMIT");
            }
            if (maxPages > 0) {
                text(statement, "PRAGMA max_page_count = " + maxPages);
            }
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // the failure that made it unusable is on its way to the caller
        }
    }

    /** Says what a failure of SQLite means here and what to do about it. */
    static JournalException failure(Path file, SQLException e) {
        int code = e.getErrorCode() & 0xff;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return new JournalException("no room for the journal " + file + " (" + e.getMessage()
                    + "): free space on its disk; nothing has to be restarted", e);
        }
        if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return new JournalException("the disk refuses the journal " + file + " (" + e.getMessage()
                    + "): look at free space, quota and the kernel's log", e);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return damaged(file, String.valueOf(e.getMessage()), e);
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return new JournalException("cannot write the journal " + file + " (" + e.getMessage()
                    + "): make the file and its folder writable for this user", e);
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return new JournalException("another program holds the journal " + file + " (" + e.getMessage()
                    + "): close it (a database browser?) and try again", e);
        }
        return new JournalException("the journal " + file + " failed: " + e.getMessage(), e);
    }

    private static JournalException damaged(Path file, String what, @Nullable Throwable cause) {
        return new JournalException("the journal " + file + " is damaged (" + what + "); nothing was changed. To start "
                + "without it, move it and its -wal and -shm files away: leases that were open in it then run out at "
                + "their control planes, and outcomes that were not sent yet are lost", cause);
    }
}
