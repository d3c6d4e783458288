package io.batchflow.json;

import io.batchflow.spi.Printable;

/**
 * A row cannot be stored, because it has a value of an unsupported type. Names the table, the
 * column and the type, never the value.
 */
public final class UnkeptValueException extends RuntimeException {

  UnkeptValueException(String table, String column, String type) {
    super(
        "Table '"
            + Printable.of(table)
            + "', column '"
            + Printable.of(column)
            + "' has a value that cannot be kept: "
            + Printable.of(type)
            + ". Set a value of a standard type, or add its type with a ValueTypeProvider.");
  }
}
