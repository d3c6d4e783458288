package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a batch. Values are encoded before there is a connection if the driver allows
 * it, so that the thread of the driver, which serves other connections too, need not do it.
 */
record PreparedBatch(Batch batch, List<Part> parts) {

  /**
   * One statement.
   *
   * @param binary its rows in binary form; null if the values are bound one by one
   */
  record Part(SqlStatement statement, @Nullable BinaryRows binary) {}

  static PreparedBatch of(SqlDialect dialect, R2dbcDriver driver, SqlTable table, Batch batch) {
    List<SqlStatement> statements =
        SqlStatement.of(dialect, table, batch, IntUnaryOperator.identity());
    return new PreparedBatch(
        batch, statements.stream().map(rows -> new Part(rows, driver.encode(rows))).toList());
  }
}
