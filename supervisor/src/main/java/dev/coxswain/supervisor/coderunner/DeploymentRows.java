package dev.coxswain.supervisor.coderunner;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Deployments in the store. */
final class DeploymentRows {
    private DeploymentRows() {}

    static void insert(Sql sql, Deployment it) throws SQLException {
        sql.update("INSERT INTO deployment (id, definition_id, version_id, tenant, type, status, status_message, cpu,"
                + " memory, cpu_millis, memory_bytes, cron, wanted, activated_at, created_at, created_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", it.id(), it.definitionId(),
                it.versionId(), it.tenant(), it.type().number(), it.status().number(), it.statusMessage(),
                it.size().cpu(), it.size().memory(), it.size().cpuMillis(), it.size().memoryBytes(), it.cron(),
                it.wanted(), it.activatedAt(), it.createdAt(), it.createdBy());
    }

    /** Refused with 404 when there is none in this tenant. */
    static Deployment get(Sql sql, UUID tenant, UUID id) throws SQLException {
        Deployment found = find(sql, tenant, id);
        if (found == null) {
            throw Refusal.notFound("deployment");
        }
        return found;
    }

    static @Nullable Deployment find(Sql sql, UUID tenant, UUID id) throws SQLException {
        return sql.first("SELECT * FROM deployment WHERE id = ? AND tenant = ?", DeploymentRows::read, id, tenant);
    }

    static @Nullable Deployment any(Sql sql, UUID id) throws SQLException {
        return sql.first("SELECT * FROM deployment WHERE id = ?", DeploymentRows::read, id);
    }

    static List<Deployment> list(Sql sql, UUID definition, Page page) throws SQLException {
        return sql.list("SELECT * FROM deployment WHERE definition_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?",
                DeploymentRows::read, definition, page.size(), page.offset());
    }

    /** The one that serves a definition now, or null. */
    static @Nullable Deployment active(Sql sql, UUID definition) throws SQLException {
        return sql.first("SELECT * FROM deployment WHERE definition_id = ? AND wanted = 1 AND activated_at IS NOT NULL"
                + " ORDER BY seq DESC LIMIT 1", DeploymentRows::read, definition);
    }

    /** All that shall serve, oldest first; with their type. */
    static List<Deployment> wanted(Sql sql, DeploymentType type) throws SQLException {
        return sql.list("SELECT * FROM deployment WHERE wanted = 1 AND type = ? ORDER BY seq", DeploymentRows::read,
                type.number());
    }

    static List<Deployment> wanted(Sql sql, UUID definition) throws SQLException {
        return sql.list("SELECT * FROM deployment WHERE wanted = 1 AND definition_id = ? ORDER BY seq",
                DeploymentRows::read, definition);
    }

    /** What a tenant has deployed, but for the one of this definition that another would replace. */
    static long deployedBeside(Sql sql, UUID tenant, UUID definition) throws SQLException {
        long all = sql.number("SELECT count(*) FROM deployment WHERE wanted = 1 AND tenant = ?", tenant);
        return wanted(sql, definition).isEmpty() ? all : all - 1;
    }

    static boolean usesVersion(Sql sql, UUID version) throws SQLException {
        return sql.number("SELECT count(*) FROM deployment WHERE wanted = 1 AND version_id = ?", version) > 0;
    }

    /** Says how one is that is still wanted. */
    static void status(Sql sql, UUID id, DeploymentStatus status, @Nullable String message) throws SQLException {
        sql.update("UPDATE deployment SET status = ?, status_message = ? WHERE id = ? AND wanted = 1",
                status.number(), message, id);
    }

    /**
     * Makes this one its definition's active one, and the others unwanted; emits those. Nothing when it is not wanted itself
     * any more, or when a newer one is active already: then that one stays.
     */
    static List<Deployment> activate(Sql sql, Deployment ready, Instant now) throws SQLException {
        Deployment mine = any(sql, ready.id());
        if (mine == null || !mine.wanted()) {
            return List.of();
        }
        sql.update("UPDATE deployment SET status = ?, status_message = NULL,"
                + " activated_at = coalesce(activated_at, ?) WHERE id = ?", DeploymentStatus.COMPLETED.number(), now,
                ready.id());
        List<Deployment> others = new ArrayList<>();
        boolean passed = false;
        for (Deployment other : wanted(sql, ready.definitionId())) {
            passed |= other.id().equals(ready.id());
            if (!passed) {
                // older ones only: a newer one that is still starting replaces this one later
                stop(sql, other.id());
                others.add(other);
            }
        }
        return others;
    }

    static void stop(Sql sql, UUID id) throws SQLException {
        sql.update("UPDATE deployment SET status = ?, wanted = 0 WHERE id = ?", DeploymentStatus.STOPPED.number(), id);
    }

    private static Deployment read(ResultSet row) throws SQLException {
        return new Deployment(Sql.id(row, "id"), Sql.id(row, "definition_id"), Sql.id(row, "version_id"),
                Sql.id(row, "tenant"), DeploymentType.of(row.getInt("type")),
                DeploymentStatus.of(row.getInt("status")), Sql.text(row, "status_message"),
                new Size(row.getString("cpu"), row.getString("memory"), row.getLong("cpu_millis"),
                        row.getLong("memory_bytes")),
                Sql.text(row, "cron"), row.getInt("wanted") == 1, Sql.timeOrNull(row, "activated_at"),
                Sql.time(row, "created_at"), row.getString("created_by"));
    }
}
