package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlWriteException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Finds out more about a failed batch, on its connection. */
final class FailedBatch {

  private final Connection connection;
  private final JdbcCatalog catalog;
  private final SqlDialect dialect;
  private final SqlStatement first;
  private final Batch batch;

  FailedBatch(
      Connection connection,
      JdbcCatalog catalog,
      SqlDialect dialect,
      SqlStatement first,
      Batch batch) {
    this.connection = connection;
    this.catalog = catalog;
    this.dialect = dialect;
    this.first = first;
    this.batch = batch;
  }

  /**
   * Throws the database's own reason if a guard of the dialect failed. Called within the failed
   * transaction, since a row may need those before it.
   */
  void checkGuard(Exception failure) throws SQLException {
    if (batch.size() > 1 || !(failure instanceof SQLException driver) || !isAnswer(driver)) {
      return;
    }
    String sql = first.sqlForReason(driver.getErrorCode());
    if (sql == null) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      first.bindTo((index, value) -> insert.setObject(index + 1, value));
      insert.executeUpdate();
    }
  }

  /** Throws that rows may be stored nevertheless. Called after the rollback. */
  void checkRemains(Exception failure) {
    if (batch.size() == 1
        || !(BadRowException.causeOf(failure) instanceof SQLException driver)
        || !isAnswer(driver)) {
      return;
    }
    String left = null;
    try {
      left = catalog.lacksTransactions(first.table());
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
    if (left != null) {
      throw SqlWriteException.remains(batch.schema(), left, driver);
    }
  }

  private boolean isAnswer(SQLException failure) {
    return dialect.classify(failure.getSQLState(), failure.getErrorCode()) != FailureKind.UNKNOWN;
  }
}
