package io.batchflow.sql.dialect;

import io.batchflow.Schema;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How PostgreSQL compares the columns of a key. */
final class PostgresKeys {

  /** Types whose casts cut off what is too long, where an insert would reject it. */
  private static final List<String> CUTTING = List.of("char", "bpchar", "bit");

  private static final Pattern VARYING = Pattern.compile("character varying\\((\\d+)\\)");

  private PostgresKeys() {}

  /**
   * Returns whether rows cannot be merged by their keys: a trigger may replace the keys, a partial
   * index does not contain all rows, or the columns of the constraint are not known.
   */
  static boolean rejectsRepeated(SqlTable table) {
    Schema schema = table.schema();
    return schema.conflictConstraint() != null
        || schema.conflictWhere() != null
        || SqlKeys.rewritesKeys(table);
  }

  /** Returns the form in which Java compares the values of a column. */
  static KeyForm form(SqlColumn column) {
    String type = column.type();
    if (!isExact(column)) {
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

  /** Returns the operator by which the column compares values. It may be in any schema. */
  static String equals(SqlColumn column) {
    return hasOperator(column) ? column.comparison() : "=";
  }

  private static boolean hasOperator(SqlColumn column) {
    return column.comparison().startsWith(PostgresCatalog.OPERATOR);
  }

  /** Returns the expression that compares a carried value as the column does. */
  static String expression(SqlColumn column, String carried) {
    String cast = cast(column, carried);
    return isExact(column) || collation(column).isEmpty()
        ? cast
        : cast + " COLLATE " + collation(column);
  }

  /** Returns the name of a column's collation; empty if it has none, or if that is not known. */
  static String collation(SqlColumn column) {
    String comparison = column.comparison();
    if (isExact(column)) {
      return comparison.substring(PostgresCatalog.EXACT.length()).trim();
    }
    return comparison.equals(SqlKeys.REWRITTEN) || hasOperator(column) ? "" : comparison;
  }

  private static boolean isExact(SqlColumn column) {
    return (column.comparison() + " ").startsWith(PostgresCatalog.EXACT + " ");
  }

  /**
   * A type that would cut off a long value has no length in the cast. An insert cuts off spaces at
   * the end only.
   */
  private static String cast(SqlColumn column, String carried) {
    boolean cuts = CUTTING.stream().anyMatch(column.castType()::startsWith);
    String cast = "(" + carried + ")::" + (cuts ? column.castType() : column.type());
    Matcher varying = VARYING.matcher(column.type());
    return varying.matches()
        ? "CASE WHEN pg_catalog.length(pg_catalog.rtrim("
            + cast
            + ")) <= "
            + varying.group(1)
            + " THEN ("
            + carried
            + ")::"
            + column.type()
            + " ELSE "
            + cast
            + " END"
        : cast;
  }
}
