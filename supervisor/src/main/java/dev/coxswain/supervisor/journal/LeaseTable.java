package dev.coxswain.supervisor.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;

/** The statements of the journal's one table. For the writer's thread only; no use after a failure. */
final class LeaseTable implements AutoCloseable {
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement claim;
    private final PreparedStatement decide;
    private final PreparedStatement settle;
    private final PreparedStatement open;
    private final PreparedStatement prune;

    LeaseTable(Connection connection) throws SQLException {
        // by hand: the driver loses count of its transactions when SQLite rolls one back by itself (disk full)
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        // a key that comes again begins a new lease: the row is replaced and moves to the end
        claim = connection.prepareStatement("INSERT OR REPLACE INTO lease"
                + " (key, control_plane, pool, runner, job_id, handle, leased_at) VALUES (?, ?, ?, ?, ?, ?, ?)");
        decide = connection.prepareStatement(
                "UPDATE lease SET outcome = ?, report = ?, decided_at = ? WHERE key = ? AND settled = 0");
        // what only a restart would have needed goes at once: it can be large
        settle = connection.prepareStatement(
                "UPDATE lease SET settled = 1, handle = '', report = NULL WHERE key = ? AND settled = 0");
        open = connection.prepareStatement("SELECT key, control_plane, pool, runner, job_id, handle, leased_at,"
                + " outcome, report, decided_at FROM lease WHERE settled = 0 ORDER BY seq");
        prune = connection.prepareStatement(
                "DELETE FROM lease WHERE settled = 1 AND seq <= (SELECT max(seq) FROM lease) - ?");
    }

    void begin() throws SQLException {
        begin.executeUpdate();
    }

    /** Completes when all since {@link #begin} is on disk. */
    void commit() throws SQLException {
        commit.executeUpdate();
    }

    /** Writes one record; says what is wrong with it, or null. */
    @Nullable
    String write(Write write) throws SQLException {
        return switch (write) {
            case Write.Claimed(LeaseRecord lease) -> {
                claim.setString(1, lease.key());
                claim.setString(2, lease.controlPlane());
                claim.setString(3, lease.pool());
                claim.setString(4, lease.runner());
                claim.setString(5, lease.jobId());
                claim.setString(6, lease.handle());
                claim.setString(7, lease.leasedAt().toString());
                claim.executeUpdate();
                yield null;
            }
            case Write.Decided(String key, Outcome outcome, Instant at) -> {
                decide.setString(1, kind(outcome));
                decide.setString(2, report(outcome));
                decide.setString(3, at.toString());
                decide.setString(4, key);
                yield decide.executeUpdate() == 1 ? null : "no open lease " + key + " in the journal";
            }
            case Write.Settled(String key) -> {
                settle.setString(1, key);
                settle.executeUpdate();
                yield null;
            }
        };
    }

    List<Journal.OpenLease> open() throws SQLException {
        List<Journal.OpenLease> leases = new ArrayList<>();
        try (ResultSet row = open.executeQuery()) {
            while (row.next()) {
                LeaseRecord lease = new LeaseRecord(row.getString(1), row.getString(2), row.getString(3),
                        row.getString(4), row.getString(5), row.getString(6), Instant.parse(row.getString(7)));
                String kind = row.getString(8);
                leases.add(kind == null
                        ? new Journal.OpenLease(lease, null, null)
                        : new Journal.OpenLease(lease, outcome(kind, row.getString(9)),
                                Instant.parse(row.getString(10))));
            }
        }
        return leases;
    }

    /** Removes settled rows except those among the newest {@code keep}; returns how many went. */
    int prune(int keep) throws SQLException {
        prune.setInt(1, keep);
        return prune.executeUpdate();
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete -> "complete";
            case Outcome.Fail fail -> switch (fail.cause()) {
                case FAILURE -> "fail";
                case CANCELLED -> "cancelled";
                case TIMEOUT -> "timeout";
            };
        };
    }

    private static String report(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete -> complete.body();
            case Outcome.Fail fail -> fail.message();
        };
    }

    private static Outcome outcome(String kind, String report) throws SQLException {
        return switch (kind) {
            case "complete" -> new Outcome.Complete(report);
            case "fail" -> new Outcome.Fail(Outcome.Cause.FAILURE, report);
            case "cancelled" -> new Outcome.Fail(Outcome.Cause.CANCELLED, report);
            case "timeout" -> new Outcome.Fail(Outcome.Cause.TIMEOUT, report);
            default -> throw new SQLException("a lease has the unknown outcome '" + kind + "'");
        };
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : List.of(begin, commit, claim, decide, settle, open, prune)) {
            statement.close();
        }
    }
}
