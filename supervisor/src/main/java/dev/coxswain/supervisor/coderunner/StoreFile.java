package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

import org.sqlite.SQLiteConfig;

/** Opens the store's file: rights, durability, schema. Never repairs what it does not like. */
final class StoreFile {
    /** The schema, step by step: step n leads from version n to n + 1. Steps that were shipped never change. */
    static final List<List<String>> MIGRATIONS = List.of(List.of("""
            CREATE TABLE definition (
              seq         INTEGER PRIMARY KEY,
              id          TEXT NOT NULL UNIQUE,
              tenant      TEXT NOT NULL,
              name        TEXT NOT NULL,
              description TEXT NOT NULL,
              type        INTEGER NOT NULL,
              language    INTEGER NOT NULL,
              created_at  INTEGER NOT NULL,
              created_by  TEXT NOT NULL
            ) STRICT""", "CREATE INDEX definition_tenant ON definition (tenant, seq)", """
            CREATE TABLE version (
              seq            INTEGER PRIMARY KEY,
              id             TEXT NOT NULL UNIQUE,
              definition_id  TEXT NOT NULL,
              tenant         TEXT NOT NULL,
              description    TEXT NOT NULL,
              status         INTEGER NOT NULL,
              status_message TEXT,
              size_bytes     INTEGER NOT NULL,
              sha256         TEXT NOT NULL,
              created_at     INTEGER NOT NULL,
              created_by     TEXT NOT NULL,
              entry_point    TEXT
            ) STRICT""", "CREATE INDEX version_definition ON version (definition_id, seq)", """
            CREATE TABLE deployment (
              seq            INTEGER PRIMARY KEY,
              id             TEXT NOT NULL UNIQUE,
              definition_id  TEXT NOT NULL,
              version_id     TEXT NOT NULL,
              tenant         TEXT NOT NULL,
              type           INTEGER NOT NULL,
              status         INTEGER NOT NULL,
              status_message TEXT,
              cpu            TEXT NOT NULL,
              memory         TEXT NOT NULL,
              cpu_millis     INTEGER NOT NULL,
              memory_bytes   INTEGER NOT NULL,
              cron           TEXT,
              wanted         INTEGER NOT NULL,
              activated_at   INTEGER,
              created_at     INTEGER NOT NULL,
              created_by     TEXT NOT NULL
            ) STRICT""", "CREATE INDEX deployment_definition ON deployment (definition_id, seq)",
            "CREATE INDEX deployment_wanted ON deployment (tenant) WHERE wanted = 1", """
                    CREATE TABLE execution (
                      seq           INTEGER PRIMARY KEY,
                      id            TEXT NOT NULL UNIQUE,
                      tenant        TEXT NOT NULL,
                      deployment_id TEXT,
                      definition_id TEXT NOT NULL,
                      version_id    TEXT NOT NULL,
                      trigger       TEXT NOT NULL,
                      kind          TEXT NOT NULL,
                      status        INTEGER NOT NULL,
                      created_at    INTEGER NOT NULL,
                      started_at    INTEGER,
                      finished_at   INTEGER,
                      exit_code     INTEGER,
                      reason        TEXT,
                      message       TEXT,
                      result        TEXT,
                      truncated     INTEGER NOT NULL DEFAULT 0,
                      runner        TEXT,
                      document      TEXT
                    ) STRICT""", "CREATE INDEX execution_deployment ON execution (deployment_id, seq)",
            "CREATE INDEX execution_definition ON execution (definition_id, seq)",
            "CREATE INDEX execution_open ON execution (status) WHERE status < 3",
            "CREATE INDEX execution_age ON execution (created_at)", """
                    CREATE TABLE idempotency (
                      tenant       TEXT NOT NULL,
                      target       TEXT NOT NULL,
                      key          TEXT NOT NULL,
                      execution_id TEXT NOT NULL,
                      created_at   INTEGER NOT NULL,
                      PRIMARY KEY (tenant, target, key)
                    ) STRICT, WITHOUT ROWID""", """
                    CREATE TABLE slot (
                      deployment_id TEXT NOT NULL,
                      planned_at    INTEGER NOT NULL,
                      PRIMARY KEY (deployment_id, planned_at)
                    ) STRICT, WITHOUT ROWID"""));

    private static final int BUSY_MILLIS = 5_000;
    private static final int WAL_BYTES = 16 << 20;

    private StoreFile() {}

    /**
     * Opens the file, making it (0600) and its folder (0700) when they are missing.
     *
     * @throws StoreException when it can't be used; the text names the file
     */
    static Connection open(Path file) {
        try {
            PrivateFolders.make(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            // before SQLite makes it: its -wal and -shm files take over these rights
            PrivateFolders.emptyFile(file);
            Connection connection = settings().createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            boolean usable = false;
            try {
                migrate(connection, file);
                usable = true;
                return connection;
            } finally {
                if (!usable) {
                    connection.close();
                }
            }
        } catch (IOException e) {
            throw new StoreException("cannot make " + file + ": make its folder writable for this user, or set "
                    + "supervisor.stateDir to another one", e);
        } catch (SQLException e) {
            throw new StoreException("cannot open the Coderunner store " + file + ": " + e.getMessage(), e);
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

    private static void migrate(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version > MIGRATIONS.size()) {
                throw new StoreException("the Coderunner store " + file + " was written by a newer coxswain (schema "
                        + version + ", this one knows " + MIGRATIONS.size() + "): start that version", null);
            }
            for (int next = version; next < MIGRATIONS.size(); next++) {
                statement.executeUpdate("BEGIN IMMEDIATE");
                for (String step : MIGRATIONS.get(next)) {
                    statement.executeUpdate(step);
                }
                statement.executeUpdate("PRAGMA user_version = " + (next + 1));
                statement.executeUpdate("COMMIT");
            }
        }
    }
}
