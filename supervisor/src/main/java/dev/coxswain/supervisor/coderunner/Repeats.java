package dev.coxswain.supervisor.coderunner;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Idempotency keys: within a day the same key for the same target is the same execution (contract section 9). */
final class Repeats {
    static final Duration MEMORY = Duration.ofHours(24);

    private Repeats() {}

    /** The execution that this key began, or null. */
    static @Nullable Execution find(Sql sql, UUID tenant, Submission.Repeat repeat, Instant now) throws SQLException {
        UUID first = sql.first("SELECT execution_id FROM idempotency WHERE tenant = ? AND target = ? AND key = ?"
                + " AND created_at > ?", row -> Sql.id(row, "execution_id"), tenant, repeat.target(), repeat.key(),
                now.minus(MEMORY));
        return first == null ? null : ExecutionRows.any(sql, first);
    }

    /** Remembers the key for this new execution; emits the one that was there before it, or null. */
    static @Nullable Execution remember(Sql sql, Execution row, Submission.Repeat repeat) throws SQLException {
        Execution before = find(sql, row.tenant(), repeat, row.createdAt());
        if (before == null) {
            sql.update("INSERT OR REPLACE INTO idempotency (tenant, target, key, execution_id, created_at)"
                    + " VALUES (?, ?, ?, ?, ?)", row.tenant(), repeat.target(), repeat.key(), row.id(),
                    row.createdAt());
        }
        return before;
    }
}
