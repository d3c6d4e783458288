package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batch's statements, with values as they are sent where that can be had before there is a
 * connection: a driver's thread has other connections to serve, and the rows come from elsewhere.
 */
record PreparedBatch(Batch batch, List<Part> parts) {

  /**
   * One statement.
   *
   * @param binary its rows in PostgreSQL's binary form; null where they are to be bound one by one
   */
  record Part(SqlStatement statement, @Nullable PostgresRows binary) {}

  /**
   * @param postgres null on other databases
   */
  static PreparedBatch of(
      SqlDialect dialect, @Nullable PostgresArrays postgres, SqlTable table, Batch batch) {
    List<SqlStatement> statements =
        SqlStatement.of(dialect, table, batch, IntUnaryOperator.identity());
    return new PreparedBatch(
        batch,
        statements.stream()
            .map(rows -> new Part(rows, postgres == null ? null : PostgresRows.of(postgres, rows)))
            .toList());
  }
}
