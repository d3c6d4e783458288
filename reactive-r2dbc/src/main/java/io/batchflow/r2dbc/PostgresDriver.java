package io.batchflow.r2dbc;

import io.batchflow.FailureKind;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/** r2dbc-postgresql. It has binary arrays and COPY, and more details of a failure than its code. */
final class PostgresDriver implements R2dbcDriver {

  private final PostgresArrays arrays = new PostgresArrays();

  @Override
  public Placeholder placeholder() {
    return Placeholder.NUMBERED;
  }

  @Override
  public @Nullable BinaryRows encode(SqlStatement rows) {
    return PostgresRows.of(arrays, rows);
  }

  @Override
  public int badRow(R2dbcException failure, SqlTable table) {
    return PostgresCopy.badRow(failure, table);
  }

  @Override
  public FailureKind kind(FailureKind byCode, R2dbcException failure) {
    return PostgresErrors.kind(byCode, failure);
  }

  @Override
  public boolean tellsLostSessions() {
    return true;
  }
}
