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
   * @param binary its rows in a form of the driver's own; null where they are bound one by one
   */
  record Part(SqlStatement statement, @Nullable BinaryRows binary) {}

  static PreparedBatch of(SqlDialect dialect, R2dbcDriver driver, SqlTable table, Batch batch) {
    List<SqlStatement> statements =
        SqlStatement.of(dialect, table, batch, IntUnaryOperator.identity());
    return new PreparedBatch(
        batch, statements.stream().map(rows -> new Part(rows, driver.encode(rows))).toList());
  }
}
