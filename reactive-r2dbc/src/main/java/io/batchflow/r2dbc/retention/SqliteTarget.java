package io.batchflow.r2dbc.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The table of a run on SQLite, and which of its rows have expired. Immutable. All methods block.
 *
 * @param table the name of the table, quoted and qualified
 * @param rowId the name of the row id
 * @param expired the condition of rows that have expired
 * @param moment rows with this time or a later one are kept
 */
record SqliteTarget(String table, String rowId, String expired, Instant moment) {

  /** Counts the rows that have expired. */
  long count(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT COUNT(*) FROM " + table + " WHERE " + expired);
        ResultSet result = query.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Returns the last row id of the next rows after one; null if there are no more. */
  @Nullable Long end(Connection connection, long after, int rows) throws SQLException {
    String sql =
        "SELECT MAX(r) FROM (SELECT %1$s AS r FROM %2$s WHERE %1$s > ? ORDER BY %1$s LIMIT ?)"
            .formatted(rowId, table);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, after);
      query.setInt(2, rows);
      try (ResultSet result = query.executeQuery()) {
        result.next();
        long end = result.getLong(1);
        return result.wasNull() ? null : end;
      }
    }
  }

  /** Deletes rows that have expired, with row ids after one up to another. */
  int delete(Connection connection, long after, long end, int most) throws SQLException {
    String sql =
        "DELETE FROM %2$s WHERE %1$s IN (SELECT %1$s FROM %2$s WHERE %1$s > ? AND %1$s <= ? AND %3$s LIMIT ?)"
            .formatted(rowId, table, expired);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, after);
      statement.setLong(2, end);
      statement.setInt(3, most);
      return statement.executeUpdate();
    }
  }
}
