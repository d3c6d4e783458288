package io.batchflow.sql;

import io.batchflow.KeyEquality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a dialect takes the values of rows, and which keys it calls equal.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectValues {

  /**
   * Returns the value as the database's drivers take it, or null if they cannot take its type.
   * Defaults to the value itself.
   *
   * @throws IllegalArgumentException if they cannot take this value; the message says why, without
   *     the value
   */
  default @Nullable Object encode(SqlColumn column, Object value) {
    return value;
  }

  /**
   * Returns the parameter that holds a column's values, for a {@link SqlDialect#columnWise()}
   * dialect.
   *
   * @param values one for each row, in their order
   * @throws IllegalArgumentException if a value's type cannot be stored; its message begins with
   *     that type
   */
  default Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    throw new UnsupportedOperationException("This dialect takes values row by row");
  }

  /**
   * Returns how many bytes an encoded value takes in a statement at most. Asked only if there is a
   * {@link SqlDialect#sessionQuery()}. Defaults to 0.
   */
  default long literalBytes(Object value) {
    return 0;
  }

  /** Returns how a table compares conflict keys. Defaults to {@link KeyEquality#byValue()}. */
  default KeyEquality keyEquality(SqlTable table) {
    return KeyEquality.byValue();
  }
}
