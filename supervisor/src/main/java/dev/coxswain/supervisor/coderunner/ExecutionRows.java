package dev.coxswain.supervisor.coderunner;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Executions in the store. */
final class ExecutionRows {
    /** Characters of a result in a list. */
    static final int MOST_LISTED = 16 << 10;
    private static final String ENDED = "UPDATE execution SET status = ?, finished_at = ?, exit_code = ?, reason = ?,"
            + " message = ?, result = ?, truncated = ?, document = NULL WHERE id = ?";

    private ExecutionRows() {}

    /** @param document what its workload gets: kept until its end, for a restart */
    static void insert(Sql sql, Execution it, String kind, @Nullable String document) throws SQLException {
        sql.update("INSERT INTO execution (id, tenant, deployment_id, definition_id, version_id, trigger, kind, status,"
                + " created_at, started_at, finished_at, reason, message, document)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", it.id(), it.tenant(), it.deploymentId(),
                it.definitionId(), it.versionId(), it.trigger().word(), kind, it.status().number(), it.createdAt(),
                it.startedAt(), it.finishedAt(), it.reason(), it.message(), document);
    }

    /** Refused with 404 when there is none in this tenant. */
    static Execution get(Sql sql, UUID tenant, UUID id) throws SQLException {
        Execution found = sql.first("SELECT * FROM execution WHERE id = ? AND tenant = ?", ExecutionRows::read, id,
                tenant);
        if (found == null) {
            throw Refusal.notFound("execution");
        }
        return found;
    }

    static @Nullable Execution any(Sql sql, UUID id) throws SQLException {
        return sql.first("SELECT * FROM execution WHERE id = ?", ExecutionRows::read, id);
    }

    /** Newest first; of a long result the beginning, since hundreds of them would not fit into memory. */
    static List<Execution> ofDeployment(Sql sql, UUID deployment, Page page) throws SQLException {
        return sql.list("SELECT *, substr(result, 1, " + (MOST_LISTED + 1) + ") AS head FROM execution"
                + " WHERE deployment_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?", row -> {
                    String head = Sql.text(row, "head");
                    return head != null && head.length() > MOST_LISTED
                            ? read(row, Views.text(head.substring(0, MOST_LISTED)), true)
                            : read(row, head, row.getInt("truncated") == 1);
                }, deployment, page.size(), page.offset());
    }

    /** The newest, for their logs: by definition and id. */
    static List<Map.Entry<UUID, UUID>> newest(Sql sql, UUID deployment, int most) throws SQLException {
        return sql.list("SELECT definition_id, id FROM execution WHERE deployment_id = ? ORDER BY seq DESC LIMIT ?",
                row -> Map.entry(Sql.id(row, "definition_id"), Sql.id(row, "id")), deployment, most);
    }

    /** Whether a planned run of this schedule has not ended. */
    static boolean scheduledIsOpen(Sql sql, UUID deployment) throws SQLException {
        return sql.number("SELECT count(*) FROM execution WHERE deployment_id = ? AND trigger = 'schedule'"
                + " AND status < 3", deployment) > 0;
    }

    /** What keeps a deployment going now. */
    static List<UUID> servicesOf(Sql sql, UUID deployment) throws SQLException {
        return sql.list("SELECT id FROM execution WHERE deployment_id = ? AND trigger = 'deployment' AND status < 3",
                row -> Sql.id(row, "id"), deployment);
    }

    static boolean versionIsBusy(Sql sql, UUID version) throws SQLException {
        return sql.number("SELECT count(*) FROM execution WHERE version_id = ? AND status < 3", version) > 0;
    }

    static boolean definitionIsBusy(Sql sql, UUID definition) throws SQLException {
        return sql.number("SELECT count(*) FROM execution WHERE definition_id = ? AND status < 3", definition) > 0;
    }

    static boolean begin(Sql sql, UUID id, String runner, Instant now) throws SQLException {
        return sql.update("UPDATE execution SET status = ?, started_at = coalesce(started_at, ?), runner = ?"
                + " WHERE id = ? AND status < 3", ExecutionStatus.PROCESSING.number(), now, runner, id) == 1;
    }

    /**
     * Its one end; false when it had another one before. One that a restart declared lost may still get its real end, from
     * its runner's journal.
     */
    static boolean end(Sql sql, UUID id, ExecutionEnd end, Instant now) throws SQLException {
        return sql.update(ENDED + " AND (status < 3 OR reason = '" + ExecutionEnd.RUNNER_LOST + "')",
                end.status().number(), now, end.exitCode(), end.reason(), end.message(), end.result(),
                end.truncated(), id) == 1;
    }

    /** Those that were running or waiting when the process ended, oldest first. */
    static List<Left> left(Sql sql) throws SQLException {
        return sql.list("SELECT * FROM execution WHERE status < 3 ORDER BY seq",
                row -> new Left(read(row), row.getString("kind"), Sql.text(row, "document")));
    }

    /** What a restart finds. */
    record Left(Execution execution, String kind, @Nullable String document) {}

    private static Execution read(ResultSet row) throws SQLException {
        return read(row, Sql.text(row, "result"), row.getInt("truncated") == 1);
    }

    private static Execution read(ResultSet row, @Nullable String result, boolean truncated) throws SQLException {
        int exit = row.getInt("exit_code");
        Integer exitCode = row.wasNull() ? null : Integer.valueOf(exit);
        return new Execution(Sql.id(row, "id"), Sql.id(row, "tenant"), Sql.idOrNull(row, "deployment_id"),
                Sql.id(row, "definition_id"), Sql.id(row, "version_id"), Trigger.of(row.getString("trigger")),
                ExecutionStatus.of(row.getInt("status")), Sql.time(row, "created_at"),
                Sql.timeOrNull(row, "started_at"), Sql.timeOrNull(row, "finished_at"), exitCode,
                Sql.text(row, "reason"), Sql.text(row, "message"), result, truncated, Sql.text(row, "runner"));
    }
}
