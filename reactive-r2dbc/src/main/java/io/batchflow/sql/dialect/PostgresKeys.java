package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.util.List;

/** How PostgreSQL compares the columns of a key. */
final class PostgresKeys {

  /** Types whose casts cut off what is too long, where an insert would reject it. */
  private static final List<String> CUTTING = List.of("char", "bpchar", "bit");

  private PostgresKeys() {}

  /** Returns the form in which Java compares the values of a column. */
  static KeyForm form(SqlColumn column) {
    String type = column.type();
    if (!column.comparison().equals(PostgresCatalog.EXACT)) {
      return KeyForm.BACKEND;
    }
    if (type.startsWith("character varying")) {
      return KeyForm.TEXT;
    }
    if (type.startsWith("numeric")) {
      return KeyForm.DECIMAL;
    }
    return switch (type) {
      case "bigint", "integer", "smallint" -> KeyForm.INTEGER;
      case "text" -> KeyForm.TEXT;
      case "bytea" -> KeyForm.BYTES;
      case "uuid" -> KeyForm.UUID;
      case "date" -> KeyForm.DATE;
      case "timestamp without time zone" -> KeyForm.LOCAL_MICROS;
      case "timestamp with time zone" -> KeyForm.MICROS;
      default -> KeyForm.BACKEND;
    };
  }

  /** Returns the expression that compares a carried value as the column does. */
  static String expression(SqlColumn column, String carried) {
    // For a type that would cut off a long value, the cast is to the type without a length.
    boolean cuts = CUTTING.stream().anyMatch(column.castType()::startsWith);
    String cast = "(" + carried + ")::" + (cuts ? column.castType() : column.type());
    String collation = column.comparison();
    return collation.isEmpty() || collation.equals(PostgresCatalog.EXACT)
        ? cast
        : cast + " COLLATE " + collation;
  }
}
