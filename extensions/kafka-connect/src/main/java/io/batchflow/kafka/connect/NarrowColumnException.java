package io.batchflow.kafka.connect;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** A value is too large for its column. */
final class NarrowColumnException extends DataException {

  final String column;
  final transient ColumnLimit limit;

  /** The type of the field. */
  final transient Schema field;

  /** Never shown. */
  private final transient Object value;

  NarrowColumnException(
      String table, String column, ColumnLimit limit, Schema field, Object value) {
    super(
        "A value is too large for the column '"
            + column
            + "' of the table '"
            + table
            + "', whose type is "
            + limit);
    this.column = column;
    this.limit = limit;
    this.field = field;
    this.value = value;
  }

  /** Returns whether the value fits by now. */
  boolean fits(TargetTable table) {
    ColumnLimit now = table.limit(table.position(column));
    return now == null || now.takes(value);
  }

  /** Returns why the record is errant, with the remedy. */
  DataException refused(String statement) {
    return new DataException(getMessage() + ". To widen it, run: " + statement);
  }
}
