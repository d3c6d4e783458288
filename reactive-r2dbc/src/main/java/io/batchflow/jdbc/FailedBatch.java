package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds out more about a failed batch, on its connection, after the rollback. */
final class FailedBatch {

  private final Connection connection;
  private final SqlDialect dialect;
  private final SqlStatement first;

  FailedBatch(Connection connection, SqlDialect dialect, SqlStatement first) {
    this.connection = connection;
    this.dialect = dialect;
    this.first = first;
  }

  /**
   * Throws a more precise failure: the database's own reason if a guard of the dialect failed, or
   * that rows may be stored nevertheless. Returns if there is none.
   */
  void tellMore(Exception failure, Batch batch) throws SQLException {
    if (!(BadRowException.causeOf(failure) instanceof SQLException driver)
        || dialect.classify(driver.getSQLState(), driver.getErrorCode()) == FailureKind.UNKNOWN) {
      return;
    }
    String left = null;
    SQLException reason = null;
    try {
      if (batch.size() == 1) {
        reason = reason(driver);
      } else {
        left = remains(first.table());
      }
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
    if (reason != null) {
      throw reason;
    }
    if (left != null) {
      throw SqlWriteException.remains(batch.schema(), left, driver);
    }
  }

  private @Nullable SQLException reason(SQLException failure) throws SQLException {
    String sql = first.sqlForReason(failure.getErrorCode());
    if (sql == null) {
      return null;
    }
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      first.bindTo((index, value) -> insert.setObject(index + 1, value));
      insert.executeUpdate();
      return null;
    } catch (SQLException told) {
      return told;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private @Nullable String remains(SqlTable table) throws SQLException {
    String query = dialect.remainsQuery();
    if (query == null) {
      return null;
    }
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < table.path().size(); i++) {
        statement.setString(i + 1, table.path().get(i));
      }
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }
}
