package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a table's statements. To build a text costs as much as to write a few rows, and
 * drivers find a known text faster if it is the same object. Safe for any thread.
 */
final class StatementCache {

  private static final int MOST = 64;

  /** The parts that a text depends on. */
  private record Kind(
      List<SqlColumn> present,
      int rows,
      boolean distinct,
      boolean verdicts,
      List<SqlColumn> returned) {}

  /**
   * A statement's text.
   *
   * @param returning whether the statement returns what each row did
   * @param returned the columns that the statement returns of each row
   */
  record Text(String sql, boolean returning, List<SqlColumn> returned) {}

  private final Map<Kind, Text> texts = new ConcurrentHashMap<>();

  Text of(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> present,
      int rows,
      boolean distinct,
      boolean verdicts,
      List<SqlColumn> returned) {
    Kind kind = new Kind(present, dialect.columnWise() ? 1 : rows, distinct, verdicts, returned);
    Text known = texts.get(kind);
    if (known != null) {
      return known;
    }
    if (texts.size() >= MOST) {
      texts.clear();
    }
    Text text =
        returned.isEmpty()
            ? text(dialect, table, present, rows, distinct, verdicts)
            : new Text(withValues(dialect, table, present, rows, returned), false, returned);
    texts.put(kind, text);
    return text;
  }

  private static Text text(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> present,
      int rows,
      boolean distinct,
      boolean verdicts) {
    String returning = verdicts ? returning(dialect, table, present, rows, distinct) : null;
    String repeated = distinct ? null : dialect.insertRepeated(table, present, rows);
    if (returning != null) {
      return new Text(returning, true, List.of());
    }
    String sql = repeated == null ? dialect.insert(table, present, rows) : repeated;
    return new Text(sql, false, List.of());
  }

  /** A row that is ignored is not returned, so the others would be taken for it. */
  private static String withValues(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> present,
      int rows,
      List<SqlColumn> returned) {
    ConflictStrategy strategy = table.schema().onConflict();
    boolean all = strategy == ConflictStrategy.FAIL || !table.overwritten(present).isEmpty();
    String sql = all ? dialect.insertReturningValues(table, present, rows, returned) : null;
    if (sql == null) {
      throw SqlTable.failure(
          table.schema(),
          List.of(
              all
                  ? dialect.product() + " cannot return the values of the rows of a statement"
                  : "no values can be returned of a row that may be ignored"),
          "Remove 'returning' from the BatchPolicy, or read the rows afterwards");
    }
    return sql;
  }

  private static @Nullable String returning(
      SqlDialect dialect, SqlTable table, List<SqlColumn> present, int rows, boolean distinct) {
    return distinct
        ? dialect.insertReturning(table, present, rows)
        : dialect.insertRepeatedReturning(table, present, rows);
  }
}
