package io.batchflow;

import io.batchflow.spi.Printable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row for one {@link Schema}.
 *
 * <p>A column that is never set is <em>unset</em>, which is not null: an insert uses the table's
 * default, an update keeps the table's value. Not thread-safe while you fill it. After its
 * submission a row cannot change; you may submit it again.
 */
public final class Row {

  /** Represents SQL null, since a Java null in the array means unset. */
  private static final Object NULL = new Object();

  /** Bytes that a row needs besides its values. */
  private static final int ROW_OVERHEAD = 96;

  private final Schema schema;
  private final @Nullable Object[] values;
  private final boolean delete;
  private @Nullable Object tag;
  private int estimatedBytes;

  Row(Schema schema, boolean delete) {
    this.schema = schema;
    this.delete = delete;
    this.values = new @Nullable Object[schema.columns().size()];
  }

  /**
   * Merges this row with a later row of the same key into one row. Returns this row under {@link
   * ConflictStrategy#IGNORE} and the later one under {@link ConflictStrategy#REPLACE}. Under {@link
   * ConflictStrategy#UPDATE} the merged row has the same effect as both rows one after the other.
   *
   * <p>A row that {@linkplain #isDelete() deletes} its key makes all earlier rows of the key
   * pointless. A row that stores something after it needs it: the two cannot be merged.
   *
   * @param later a row of the same schema
   * @throws IllegalArgumentException if it is of another schema, or if only this row deletes its
   *     key
   */
  public Row mergedWith(Row later) {
    if (!schema.equals(later.schema)) {
      throw new IllegalArgumentException(
          Printable.line(
              "A row of table '"
                  + schema.table()
                  + "' cannot be merged with one of another Schema, of table '"
                  + later.schema.table()
                  + "'"));
    }
    if (delete && !later.delete) {
      throw new IllegalArgumentException("A row that is stored cannot replace a delete before it");
    }
    if (later.delete) {
      return later;
    }
    return switch (schema.onConflict()) {
      case IGNORE -> this;
      case UPDATE -> merged(this, later);
      case REPLACE, FAIL -> later;
    };
  }

  /**
   * Takes the second row's values in the columns that it updates, and the first row's elsewhere.
   */
  private static Row merged(Row first, Row second) {
    Row merged = new Row(first.schema, false);
    for (int i = 0; i < merged.values.length; i++) {
      boolean take = second.values[i] != null && first.schema.isUpdated(i);
      merged.values[i] = take ? second.values[i] : first.values[i];
    }
    return merged.freeze();
  }

  /**
   * Sets a column's value.
   *
   * @param value any object that the backend's driver accepts, or null for SQL null. Not copied: do
   *     not change arrays or buffers before the outcome
   * @throws InvalidRowException if the schema has no such column, or the row was submitted
   */
  public Row set(String column, @Nullable Object value) {
    return set(schema.position(column), value);
  }

  /**
   * Sets the value of the column at a position, from 0.
   *
   * @throws InvalidRowException if there is no such position, or the row was submitted
   */
  public Row set(int position, @Nullable Object value) {
    if (estimatedBytes > 0) {
      throw new InvalidRowException(
          schema.table(),
          null,
          "it was submitted already and cannot change",
          "Take a new one from Schema.row()");
    }
    checkPosition(position);
    values[position] = value == null ? NULL : value;
    return this;
  }

  /**
   * Attaches any object of yours, such as a line number. It is never sent; you find it in the row
   * of the {@link Outcome}.
   */
  public Row tag(@Nullable Object tag) {
    this.tag = tag;
    return this;
  }

  /** Returns the attached object, or null. */
  public @Nullable Object tag() {
    return tag;
  }

  /** Returns the schema. */
  public Schema schema() {
    return schema;
  }

  /** Returns whether this row deletes the row of its key: see {@link Schema#delete()}. */
  public boolean isDelete() {
    return delete;
  }

  /** Returns the value at a position; null if it is null or unset. */
  public @Nullable Object value(int position) {
    checkPosition(position);
    Object value = values[position];
    return value == NULL ? null : value;
  }

  /** Returns a column's value; null if it is null or unset. */
  public @Nullable Object value(String column) {
    return value(schema.position(column));
  }

  /** Returns whether the column at a position was set, possibly to null. */
  public boolean isSet(int position) {
    checkPosition(position);
    return values[position] != null;
  }

  /** Returns whether every column was set, possibly to null. */
  public boolean isComplete() {
    for (Object value : values) {
      if (value == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the estimated size of the row in memory, in bytes. {@link BatchPolicy#maxBytes()} and
   * {@link BatchFlow.Builder#maxPendingBytes} count it. 0 before the row is submitted.
   */
  public int estimatedBytes() {
    return estimatedBytes;
  }

  /**
   * Freezes the row, as a submission does. It cannot change afterwards.
   *
   * @return this row
   * @throws InvalidRowException if a required column is unset, or a value throws. If this row
   *     deletes its key: if a column of the key is null, or another column is set
   */
  public Row freeze() {
    if (estimatedBytes > 0) {
      return this;
    }
    if (delete) {
      checkDelete();
    }
    for (int position : schema.requiredPositions(delete)) {
      if (values[position] == null) {
        String column = schema.columns().get(position);
        throw new InvalidRowException(
            schema.table(),
            column,
            "the required column '" + column + "' is not set",
            "Set it, to null if that is meant");
      }
    }
    long bytes = ROW_OVERHEAD;
    for (int position = 0; position < values.length; position++) {
      bytes += measured(position);
    }
    estimatedBytes = (int) Math.min(bytes, Integer.MAX_VALUE);
    return this;
  }

  /** A null in a key equals no key, not even another null. */
  private void checkDelete() {
    for (int position = 0; position < values.length; position++) {
      String column = schema.columns().get(position);
      if (values[position] != null && !schema.conflictKey().contains(column)) {
        throw new InvalidRowException(
            schema.table(),
            column,
            "it deletes its key, but sets column '" + column + "', which is not part of the key",
            "Set only " + String.join(", ", schema.conflictKey()));
      }
      if (values[position] == NULL) {
        throw new InvalidRowException(
            schema.table(),
            column,
            "it deletes its key, but column '" + column + "' of the key is null",
            "Set the value that the row to delete has");
      }
    }
  }

  /** Runs on the caller's thread, since it may call code of the value. */
  private long measured(int position) {
    try {
      return estimate(values[position]);
    } catch (RuntimeException | StackOverflowError thrown) {
      throw InvalidRowException.unreadable(schema.table(), schema.columns().get(position), thrown);
    }
  }

  private static long estimate(@Nullable Object value) {
    if (value == null || value == NULL) {
      return 4;
    }
    if (value instanceof String text) {
      return 24L + text.length();
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Double) {
      return 24;
    }
    return value instanceof CharSequence text ? 24L + text.length() : estimateRare(value);
  }

  private static long estimateRare(Object value) {
    if (value instanceof byte[] bytes) {
      return 24L + bytes.length;
    }
    if (value instanceof ByteBuffer buffer) {
      return 24L + buffer.remaining();
    }
    if (value instanceof BigDecimal decimal) {
      return 32L + decimal.unscaledValue().bitLength() / 8;
    }
    if (value instanceof BigInteger integer) {
      return 32L + integer.bitLength() / 8;
    }
    if (value instanceof Row row) {
      return row.estimatedBytes;
    }
    if (value instanceof Object[] array) {
      return 24L + Arrays.stream(array).mapToLong(Row::estimate).sum();
    }
    return 24;
  }

  private void checkPosition(int position) {
    if (position < 0 || position >= values.length) {
      throw new InvalidRowException(
          schema.table(),
          null,
          "there is no column at position " + position,
          "It has " + values.length + " columns, counted from 0");
    }
  }

  /** Names the table and which columns are set; never a value. */
  @Override
  public String toString() {
    StringBuilder set = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        set.append(set.isEmpty() ? "" : ", ").append(schema.columns().get(i));
      }
    }
    return Printable.line(
        "Row[table=" + schema.table() + (delete ? ", delete" : "") + ", set=" + set + "]");
  }
}
