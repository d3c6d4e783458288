package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.util.Locale;

/** How SQLite compares the columns of a key. */
final class SqliteKeys {

  private SqliteKeys() {}

  /**
   * Returns the form in which Java compares the values of a column, by the rules of affinity:
   * section 3.1 of "Datatypes In SQLite".
   */
  static KeyForm form(SqlColumn column) {
    String type = column.type().toUpperCase(Locale.ROOT);
    if (!column.comparison().equals(SqliteCatalog.EXACT)) {
      return KeyForm.BACKEND;
    }
    if (type.contains("INT")) {
      return KeyForm.INTEGER;
    }
    boolean isText = type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT");
    return isText ? KeyForm.TEXT : KeyForm.BACKEND;
  }
}
