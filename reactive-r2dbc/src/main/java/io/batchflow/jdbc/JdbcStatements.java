package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlVerdicts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the statements of batches within the transaction of a connection. */
final class JdbcStatements {

  private final Connection connection;
  private final SqlDialect dialect;
  private final PreparedStatements prepared;
  private final JdbcCatalog catalog;

  private volatile @Nullable Statement running;

  JdbcStatements(
      Connection connection, SqlDialect dialect, PreparedStatements prepared, JdbcCatalog catalog) {
    this.connection = connection;
    this.dialect = dialect;
    this.prepared = prepared;
    this.catalog = catalog;
  }

  List<SqlStatement> of(SqlTable table, Batch batch) {
    return SqlStatement.of(dialect, table, batch, PreparedStatements::roundSize);
  }

  BatchResult run(List<SqlStatement> statements, Batch batch) throws SQLException {
    SqlVerdicts verdicts = new SqlVerdicts(batch);
    try {
      catalog.checkVersion(statements.get(0).table());
      return verdicts.result(execute(statements, batch, verdicts));
    } catch (SQLException | RuntimeException failure) {
      failed(statements, batch).checkGuard(failure);
      throw failure;
    }
  }

  FailedBatch failed(List<SqlStatement> statements, Batch batch) {
    return new FailedBatch(connection, catalog, dialect, statements.get(0), batch);
  }

  private long execute(List<SqlStatement> statements, Batch batch, SqlVerdicts verdicts)
      throws SQLException {
    JdbcVerdicts queries = new JdbcVerdicts(prepared, verdicts);
    long affected = 0;
    for (SqlStatement planned : statements) {
      SqlStatement statement = queries.present(planned);
      if (batch.rowVerdicts()) {
        queries.before(statement);
      }
      PreparedStatement target = prepared.get(statement.sql());
      statement.bindTo((index, value) -> bind(target, index, value));
      running = target;
      long touched = execute(target, statement, queries, batch);
      verdicts.affected(statement, touched);
      affected += touched;
      queries.readBack(statement);
      if (batch.rowVerdicts()) {
        queries.after(statement);
      }
    }
    running = null;
    return affected;
  }

  /** A driver's RuntimeException here is caused by the value. */
  private static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    try {
      statement.setObject(index + 1, value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw new IllegalArgumentException("the driver does not take it", rejected);
    }
  }

  /** Names the row of a failure if the message does, so that no search for it is needed. */
  private long execute(
      PreparedStatement target, SqlStatement rows, JdbcVerdicts queries, Batch batch)
      throws SQLException {
    try {
      return rows.returned().isEmpty()
          ? rows.returning() ? queries.run(target, rows) : target.executeUpdate()
          : queries.stored(target, rows);
    } catch (SQLException failure) {
      String message = failure.getMessage();
      // A joined update counts the rows that it finds, in its own order.
      int row = message == null || rows.isUpdateOnly() ? 0 : dialect.badRow(message);
      int index = rows.indexInBatch(row - 1);
      if (index >= 0 && batch.size() > 1 && isOfARow(failure)) {
        throw new BadRowException(index, failure);
      }
      throw failure;
    }
  }

  /** A failed statement may be unusable: sqlite-jdbc frees it after some errors of a row. */
  void closeFailed(Exception failure) throws SQLException {
    Statement failed = running;
    running = null;
    if (!isOfARow(failure)) {
      prepared.closeAll();
    } else if (failed != null) {
      prepared.close(failed);
    }
  }

  private boolean isOfARow(Exception failure) {
    return BadRowException.causeOf(failure) instanceof SQLException driver
        && dialect.classify(driver.getSQLState(), driver.getErrorCode()) == FailureKind.DATA;
  }

  /** Cancels the running statement, if there is one. Any thread may call this; it may block. */
  void cancel() throws SQLException {
    Statement statement = running;
    if (statement != null) {
      statement.cancel();
    }
  }
}
