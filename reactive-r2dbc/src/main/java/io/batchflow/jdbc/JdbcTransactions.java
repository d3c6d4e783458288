package io.batchflow.jdbc;

import io.batchflow.sql.SqlDialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Begins and ends transactions on a connection: by JDBC, or by the dialect's own statements. */
final class JdbcTransactions {

  /** The SQLSTATE of a statement that cannot run within a transaction. */
  static final String IN_TRANSACTION = "25001";

  private final Connection connection;
  private final SqlDialect dialect;

  JdbcTransactions(Connection connection, SqlDialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /**
   * Fails if someone has begun a transaction on the connection: turning auto-commit on would commit
   * it. A pool may return connections with auto-commit off that are in no transaction yet.
   */
  void checkNoneBegun() throws SQLException {
    connection.setReadOnly(connection.isReadOnly()); // which drivers reject within a transaction
    String query = dialect.transactionQuery();
    if (query == null) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(query) && isNotNull(statement)) {
        throw new SQLException("A transaction has uncommitted changes", IN_TRANSACTION);
      }
    } catch (SQLException failure) {
      throw dialect.begin() == null
          ? failure
          : new SQLException("A transaction cannot be begun", IN_TRANSACTION, failure);
    }
    if (dialect.begin() != null) {
      execute("ROLLBACK");
    }
  }

  private static boolean isNotNull(Statement executed) throws SQLException {
    try (ResultSet result = executed.getResultSet()) {
      return result.next() && result.getString(1) != null;
    }
  }

  void begin() throws SQLException {
    String begin = dialect.begin();
    if (begin == null) {
      connection.setAutoCommit(false);
    } else {
      execute(begin);
    }
  }

  void commit() throws SQLException {
    if (dialect.begin() == null) {
      connection.commit();
      connection.setAutoCommit(true);
    } else {
      execute("COMMIT");
    }
  }

  void rollback() throws SQLException {
    if (dialect.begin() == null) {
      connection.rollback();
      connection.setAutoCommit(true);
    } else {
      execute("ROLLBACK");
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
