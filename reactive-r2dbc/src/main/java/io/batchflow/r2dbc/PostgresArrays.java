package io.batchflow.r2dbc;

import io.batchflow.sql.SqlStatement;
import io.r2dbc.spi.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a statement that takes an array for each column, in PostgreSQL's binary form:
 * half the work of text for both sides. The driver's own arrays are text, so that {@link
 * PostgresExtension} teaches it ours. Touched only where that driver is there.
 */
final class PostgresArrays {

  /** A driver that looks for no extensions does not know them. */
  private volatile boolean known = true;

  /**
   * Returns the values of each column; null for one without a binary form. Null instead of all
   * where a value has none, so that all must go as text: of each statement the server then prepares
   * two forms at most.
   */
  @Nullable List<@Nullable PostgresArray> encode(SqlStatement rows) {
    if (!known) {
      return null;
    }
    List<@Nullable PostgresArray> arrays =
        rows.columns().stream()
            .map(PostgresType::of)
            .<@Nullable PostgresArray>map(
                type -> type == null ? null : new PostgresArray(type, rows.rows()))
            .toList();
    return fill(arrays, rows) ? arrays : null;
  }

  /** Row by row, as a row's values lie close together in memory, and a column's do not. */
  private static boolean fill(List<@Nullable PostgresArray> arrays, SqlStatement rows) {
    for (int row = 0; row < rows.rows(); row++) {
      for (int column = 0; column < arrays.size(); column++) {
        PostgresArray array = arrays.get(column);
        if (array != null && !array.add(rows.value(row, column))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Binds every value; returns false if the driver does not know these arrays. */
  boolean bind(Statement statement, List<@Nullable PostgresArray> arrays, SqlStatement rows) {
    for (int column = 0; column < arrays.size(); column++) {
      PostgresArray array = arrays.get(column);
      if (array == null) {
        statement.bind(column, rows.parameter(column));
        continue;
      }
      try {
        statement.bind(column, array);
      } catch (IllegalArgumentException unknown) {
        known = false;
        return false;
      }
    }
    return true;
  }
}
