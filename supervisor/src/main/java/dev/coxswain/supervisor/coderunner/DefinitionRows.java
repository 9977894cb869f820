package dev.coxswain.supervisor.coderunner;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Definitions in the store. */
final class DefinitionRows {
    private DefinitionRows() {}

    static void insert(Sql sql, Definition it) throws SQLException {
        sql.update("INSERT INTO definition (id, tenant, name, description, type, language, created_at, created_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", it.id(), it.tenant(), it.name(), it.description(),
                it.type().number(), it.language().number(), it.createdAt(), it.createdBy());
    }

    /** Refused with 404 when there is none in this tenant. */
    static Definition get(Sql sql, UUID tenant, UUID id) throws SQLException {
        Definition found = find(sql, tenant, id);
        if (found == null) {
            throw Refusal.notFound("definition");
        }
        return found;
    }

    static @Nullable Definition find(Sql sql, UUID tenant, UUID id) throws SQLException {
        return sql.first("SELECT * FROM definition WHERE id = ? AND tenant = ?", DefinitionRows::read, id, tenant);
    }

    /** Whoever it belongs to: for our own look-ups and public endpoints. */
    static @Nullable Definition any(Sql sql, UUID id) throws SQLException {
        return sql.first("SELECT * FROM definition WHERE id = ?", DefinitionRows::read, id);
    }

    static List<Definition> list(Sql sql, UUID tenant, Page page) throws SQLException {
        return sql.list("SELECT * FROM definition WHERE tenant = ? ORDER BY seq DESC LIMIT ? OFFSET ?",
                DefinitionRows::read, tenant, page.size(), page.offset());
    }

    static long count(Sql sql, UUID tenant) throws SQLException {
        return sql.number("SELECT count(*) FROM definition WHERE tenant = ?", tenant);
    }

    /** With all that hangs on it. */
    static void delete(Sql sql, UUID id) throws SQLException {
        sql.update("DELETE FROM slot WHERE deployment_id IN (SELECT id FROM deployment WHERE definition_id = ?)", id);
        sql.update("DELETE FROM deployment WHERE definition_id = ?", id);
        sql.update("DELETE FROM version WHERE definition_id = ?", id);
        sql.update("DELETE FROM execution WHERE definition_id = ?", id);
        sql.update("DELETE FROM definition WHERE id = ?", id);
    }

    private static Definition read(ResultSet row) throws SQLException {
        return new Definition(Sql.id(row, "id"), Sql.id(row, "tenant"), row.getString("name"),
                row.getString("description"), DeploymentType.of(row.getInt("type")),
                LanguageType.of(row.getInt("language")), Sql.time(row, "created_at"), row.getString("created_by"));
    }
}
