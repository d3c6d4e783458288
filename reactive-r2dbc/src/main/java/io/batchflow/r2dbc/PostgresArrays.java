package io.batchflow.r2dbc;

import io.batchflow.sql.SqlStatement;
import io.r2dbc.spi.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and binds the arrays of a statement in the binary format of PostgreSQL, which takes half
 * the work of text on both sides. The driver's own arrays are text, so {@link PostgresExtension}
 * adds a codec to it. Loaded only if r2dbc-postgresql is on the class path.
 */
final class PostgresArrays {

  /** False once a driver turned out not to have the codec, as it looks for no extensions. */
  private volatile boolean known = true;

  /**
   * Returns the array of each column, null for a column whose type has no binary form. Returns null
   * if a value has no binary form. Then all columns are sent as text, so that the server prepares a
   * statement in at most two ways.
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

  /** Goes row by row, as the values of a row are close to each other in memory. */
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

  /** Binds every value. Returns false if the driver does not have the codec. */
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
