package io.batchflow.r2dbc.retention;

import io.batchflow.sql.SqlColumn;
import org.jspecify.annotations.Nullable;

/** The statements for H2. */
final class H2RetentionSql implements RetentionSql {

  @Override
  public String now() {
    return "SELECT CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) * 1000000 AS BIGINT)";
  }

  @Override
  public @Nullable TimeType typeOf(SqlColumn column) {
    return TimeType.of(column.type(), false);
  }

  @Override
  public String literal(TimeType type, String text) {
    return RetentionSql.standardLiteral(type, text);
  }

  @Override
  public String delete(Target target, Part part, Slice slice, String expired) {
    return "DELETE FROM "
        + part.table()
        + " WHERE "
        + expired
        + " FETCH FIRST "
        + slice.rows()
        + " ROWS ONLY";
  }

  @Override
  public @Nullable String oldest(Target target, Part part, String expired) {
    return null;
  }
}
