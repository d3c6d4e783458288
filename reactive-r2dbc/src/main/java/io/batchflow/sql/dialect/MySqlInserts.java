package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The {@code INSERT} of MySQL and MariaDB, with a guard against conflicts by another key. */
final class MySqlInserts {

  /**
   * Rejects bad values whatever the sql_mode of the session is, without changing it. Only MariaDB
   * reads this comment.
   */
  static final String STRICT =
      "/*M! SET STATEMENT sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES') FOR */ ";

  private static final String TWO_ROWS = "(SELECT 1 AS n UNION ALL SELECT 2) two";

  private final SqlText text;

  MySqlInserts(SqlText text) {
    this.text = text;
  }

  String upsert(SqlTable table, List<SqlColumn> present, int rows) {
    return plain(table, present, rows) + onConflict(table, present);
  }

  /**
   * Returns the insert without the clause. It fails by the same key as the guard did, and its error
   * names the key.
   */
  String plain(SqlTable table, List<SqlColumn> present, int rows) {
    return STRICT + text.insertInto(table, present) + " " + text.values(present, rows);
  }

  /** Returns whether an upsert of the table has a guard. */
  static boolean isGuarded(SqlTable table) {
    return table.schema().onConflict() != ConflictStrategy.FAIL && !table.conflictKey().isEmpty();
  }

  /** In {@code VALUES}, a column that the row does not set has its default. */
  private String onConflict(SqlTable table, List<SqlColumn> present) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> assigned = table.overwritten(present);
    String guard = guard(table);
    String first = guard.isEmpty() && assigned.isEmpty() ? keep(present.get(0)) : guard;
    return " ON DUPLICATE KEY UPDATE "
        + first
        + (first.isEmpty() || assigned.isEmpty() ? "" : ", ")
        + SqlText.list(
            ", ", assigned, column -> text.name(column) + " = " + newValue(column, present));
  }

  /**
   * MariaDB accepts VALUES of a column that has no default and that the row does not set, and
   * stores a zero value. DEFAULT is an error then, as it is for a plain insert.
   */
  private String newValue(SqlColumn column, List<SqlColumn> present) {
    boolean missing = column.required() && !present.contains(column);
    return (missing ? "DEFAULT(" : "VALUES(") + text.name(column) + ")";
  }

  private String keep(SqlColumn column) {
    return text.name(column) + " = " + text.name(column);
  }

  /**
   * The clause acts on a conflict by any key, so the guard makes a conflict by another key fail: a
   * number exceeds its range, which is an error in every mode of the server. Every statement has
   * the guard, as the table may get another key at any time. The server evaluates it only for a row
   * that conflicts.
   */
  private String guard(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    if (key.isEmpty()) {
      return "";
    }
    String name = text.name(key.get(0));
    String same = SqlText.list(" AND ", key, this::isSame);
    return name
        + " = IF(COALESCE("
        + same
        + ", FALSE) OR ~0 + 1 + ISNULL(VALUES("
        + name
        + ")) > 0, "
        + (table.schema().onConflict() == ConflictStrategy.REPLACE ? unaltered(table, name) : name)
        + ", "
        + name
        + ")";
  }

  /**
   * Compares a column of the key. Fails if the order of the rows rests on a collation that the
   * column no longer has: a subquery then returns two rows where one is allowed. It names the
   * column, so that the server does not evaluate it before.
   */
  private String isSame(SqlColumn column) {
    String name = text.name(column);
    String same = name + " = VALUES(" + name + ")";
    return MySqlKeys.isTextInJava(column)
        ? ifCollated(name, literal(column.comparison()), same)
        : same;
  }

  /** Returns an expression that fails if a column has another collation. */
  static String ifCollated(String name, String collation, String then) {
    return "IF(COLLATION("
        + name
        + ") = "
        + collation
        + ", "
        + then
        + ", (SELECT n FROM "
        + TWO_ROWS
        + " WHERE COLLATION("
        + name
        + ") IS NOT NULL))";
  }

  /**
   * Fails if a column was added since the table was read, as REPLACE would not reset it: a subquery
   * then returns two rows where one is allowed. Only for a row that conflicts.
   */
  private static String unaltered(SqlTable table, String name) {
    return "IF((SELECT n FROM "
        + TWO_ROWS
        + " WHERE (SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
        + literal(table.path().get(0))
        + " AND TABLE_NAME = "
        + literal(table.path().get(1))
        + ") <> "
        + table.columns().size()
        + ") IS NULL, "
        + name
        + ", "
        + name
        + ")";
  }

  /** A hexadecimal literal, as the session's mode may give backslashes a meaning. */
  static String literal(String text) {
    return "_utf8mb4 0x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
