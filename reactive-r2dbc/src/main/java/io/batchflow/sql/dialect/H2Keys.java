package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;

/** How H2 compares the columns of a key. */
final class H2Keys {

  private H2Keys() {}

  /** Returns the form in which Java compares the values of a column. */
  static KeyForm form(SqlColumn column) {
    String type = column.type();
    if (!column.comparison().equals(H2Catalog.EXACT)) {
      return KeyForm.BACKEND;
    }
    if (type.startsWith("CHARACTER VARYING") || type.startsWith("VARCHAR(")) {
      return KeyForm.TEXT;
    }
    if (type.startsWith("NUMERIC")) {
      return KeyForm.DECIMAL;
    }
    return switch (type) {
      case "BIGINT", "INTEGER", "SMALLINT", "TINYINT" -> KeyForm.INTEGER;
      case "UUID" -> KeyForm.UUID;
      case "DATE" -> KeyForm.DATE;
      default -> KeyForm.BACKEND;
    };
  }
}
