package dev.coxswain.supervisor.coderunner;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Versions in the store. */
final class VersionRows {
    private VersionRows() {}

    static void insert(Sql sql, CodeVersion it) throws SQLException {
        sql.update("INSERT INTO version (id, definition_id, tenant, description, status, status_message, size_bytes,"
                + " sha256, created_at, created_by, entry_point) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", it.id(),
                it.definitionId(), it.tenant(), it.description(), it.status().number(), it.statusMessage(),
                it.sizeBytes(), it.sha256(), it.createdAt(), it.createdBy(), it.entryPoint());
    }

    /** Refused with 404 when there is none in this tenant. */
    static CodeVersion get(Sql sql, UUID tenant, UUID id) throws SQLException {
        CodeVersion found = find(sql, tenant, id);
        if (found == null) {
            throw Refusal.notFound("version");
        }
        return found;
    }

    static @Nullable CodeVersion find(Sql sql, UUID tenant, UUID id) throws SQLException {
        return sql.first("SELECT * FROM version WHERE id = ? AND tenant = ?", VersionRows::read, id, tenant);
    }

    static @Nullable CodeVersion any(Sql sql, UUID id) throws SQLException {
        return sql.first("SELECT * FROM version WHERE id = ?", VersionRows::read, id);
    }

    static List<CodeVersion> list(Sql sql, UUID definition, Page page) throws SQLException {
        return sql.list("SELECT * FROM version WHERE definition_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?",
                VersionRows::read, definition, page.size(), page.offset());
    }

    static long count(Sql sql, UUID definition) throws SQLException {
        return sql.number("SELECT count(*) FROM version WHERE definition_id = ?", definition);
    }

    static @Nullable CodeVersion newestCompleted(Sql sql, UUID definition) throws SQLException {
        return sql.first("SELECT * FROM version WHERE definition_id = ? AND status = ? ORDER BY seq DESC LIMIT 1",
                VersionRows::read, definition, VersionStatus.COMPLETED.number());
    }

    /** Ids of those that are not at their end, oldest first. */
    static List<UUID> unfinished(Sql sql) throws SQLException {
        return sql.list("SELECT id FROM version WHERE status < ? ORDER BY seq", row -> Sql.id(row, "id"),
                VersionStatus.COMPLETED.number());
    }

    /** Goes on to another status, never back; false when that is no step forward. */
    static boolean advance(Sql sql, UUID id, VersionStatus to, @Nullable String message, @Nullable String entry)
            throws SQLException {
        return sql.update("UPDATE version SET status = ?, status_message = ?, entry_point = ?"
                + " WHERE id = ? AND status <= ? AND status < ?", to.number(), message, entry, id, to.number(),
                VersionStatus.COMPLETED.number()) == 1;
    }

    static void delete(Sql sql, UUID id) throws SQLException {
        sql.update("DELETE FROM version WHERE id = ?", id);
    }

    private static CodeVersion read(ResultSet row) throws SQLException {
        return new CodeVersion(Sql.id(row, "id"), Sql.id(row, "definition_id"), Sql.id(row, "tenant"),
                row.getString("description"), VersionStatus.of(row.getInt("status")), Sql.text(row, "status_message"),
                row.getLong("size_bytes"), row.getString("sha256"), Sql.time(row, "created_at"),
                row.getString("created_by"), Sql.text(row, "entry_point"));
    }
}
