package dev.coxswain.supervisor.coderunner;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Statements on one connection, for one thread at a time. Ids are texts, times milliseconds since the epoch. */
final class Sql {
    private final Connection connection;

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Runs a statement; returns how many rows it changed. */
    int update(String statement, @Nullable Object... values) throws SQLException {
        try (PreparedStatement prepared = prepared(statement, values)) {
            return prepared.executeUpdate();
        }
    }

    <T> List<T> list(String query, Row<T> row, @Nullable Object... values) throws SQLException {
        try (PreparedStatement prepared = prepared(query, values); ResultSet found = prepared.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(row.read(found));
            }
            return rows;
        }
    }

    /** The first row, or null. */
    <T> @Nullable T first(String query, Row<T> row, @Nullable Object... values) throws SQLException {
        List<T> rows = list(query, row, values);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** What a query for one number says. */
    long number(String query, @Nullable Object... values) throws SQLException {
        Long number = first(query, row -> row.getLong(1), values);
        return number == null ? 0 : number;
    }

    private PreparedStatement prepared(String statement, @Nullable Object... values) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        try {
            for (int i = 0; i < values.length; i++) {
                bind(prepared, i + 1, values[i]);
            }
            return prepared;
        } catch (SQLException e) {
            prepared.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement prepared, int at, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> prepared.setObject(at, null);
            case UUID id -> prepared.setString(at, id.toString());
            case Instant time -> prepared.setLong(at, time.toEpochMilli());
            case Boolean flag -> prepared.setInt(at, flag ? 1 : 0);
            case Integer number -> prepared.setInt(at, number);
            case Long number -> prepared.setLong(at, number);
            case String text -> prepared.setString(at, text);
            default -> throw new IllegalArgumentException("cannot store a " + value.getClass());
        }
    }

    static UUID id(ResultSet row, String column) throws SQLException {
        return UUID.fromString(row.getString(column));
    }

    static @Nullable UUID idOrNull(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : UUID.fromString(text);
    }

    static @Nullable String text(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** Makes a value of the row under the cursor. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }
}
