package io.batchflow.sql;

import io.batchflow.KeyEquality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How values are encoded for a database, and how it compares keys.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectValues {

  /**
   * Returns the value as the drivers of the database take it; null if they cannot take its type.
   * Defaults to the value itself.
   *
   * @throws IllegalArgumentException if they cannot take this value. The message says why, without
   *     the value
   */
  default @Nullable Object encode(SqlColumn column, Object value) {
    return value;
  }

  /**
   * Returns the value by which a row finds its key to delete it, or to update it under {@link
   * SqlDialect#lockExisting}, as the drivers of the database take it; null if they cannot take its
   * type. It must equal the stored value, and no other. A database that compares values of other
   * types differently than it stores them would find other rows. Defaults to {@link #encode}. Not
   * called for a {@link SqlDialect#columnWise()} dialect.
   *
   * @throws IllegalArgumentException if it is not certain how the column would store the value
   */
  default @Nullable Object encodeKey(SqlColumn column, Object value) {
    return encode(column, value);
  }

  /**
   * Returns the parameter that holds a column's values, for a {@link SqlDialect#columnWise()}
   * dialect.
   *
   * @param values one for each row, in their order
   * @throws IllegalArgumentException if the type of a value cannot be stored. The message begins
   *     with that type
   */
  default Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    throw new UnsupportedOperationException("This dialect takes values row by row");
  }

  /**
   * Returns the most bytes that an encoded value takes in a statement. Called only if there is a
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
