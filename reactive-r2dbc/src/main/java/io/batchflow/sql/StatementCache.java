package io.batchflow.sql;

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
  private record Kind(List<SqlColumn> present, int rows, boolean distinct, boolean verdicts) {}

  /**
   * A statement's text.
   *
   * @param returning whether the statement returns what each row did
   */
  record Text(String sql, boolean returning) {}

  private final Map<Kind, Text> texts = new ConcurrentHashMap<>();

  Text of(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> present,
      int rows,
      boolean distinct,
      boolean verdicts) {
    Kind kind = new Kind(present, dialect.columnWise() ? 1 : rows, distinct, verdicts);
    Text known = texts.get(kind);
    if (known != null) {
      return known;
    }
    if (texts.size() >= MOST) {
      texts.clear();
    }
    String returning = verdicts ? returning(dialect, table, present, rows, distinct) : null;
    String repeated = distinct ? null : dialect.insertRepeated(table, present, rows);
    Text text =
        returning != null
            ? new Text(returning, true)
            : new Text(repeated == null ? dialect.insert(table, present, rows) : repeated, false);
    texts.put(kind, text);
    return text;
  }

  private static @Nullable String returning(
      SqlDialect dialect, SqlTable table, List<SqlColumn> present, int rows, boolean distinct) {
    return distinct
        ? dialect.insertReturning(table, present, rows)
        : dialect.insertRepeatedReturning(table, present, rows);
  }
}
