package io.batchflow.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
      List<SqlColumn> returned,
      boolean delete) {}

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
    boolean single = rows == 1 || returned.isEmpty() || !table.mayIgnore(present);
    int sized = !dialect.columnWise() ? rows : single ? 1 : 2;
    return known(
        new Kind(present, sized, distinct, verdicts, returned, false),
        () ->
            returned.isEmpty()
                ? text(dialect, table, present, rows, distinct, verdicts)
                : new Text(withValues(dialect, table, present, rows, returned), false, returned));
  }

  /** Returns the text that deletes keys. */
  Text ofDelete(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> key,
      int rows,
      boolean distinct,
      boolean verdicts) {
    int sized = dialect.columnWise() ? 1 : rows;
    return known(
        new Kind(key, sized, distinct, verdicts, List.of(), true),
        () -> {
          String returning =
              distinct && verdicts ? dialect.deleteReturning(table, key, rows) : null;
          return returning == null
              ? new Text(dialect.delete(table, key, rows), false, List.of())
              : new Text(returning, true, List.of());
        });
  }

  private Text known(Kind kind, Supplier<Text> made) {
    Text known = texts.get(kind);
    if (known != null) {
      return known;
    }
    if (texts.size() >= MOST) {
      texts.clear();
    }
    Text text = made.get();
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
    if (table.schema().isUpdateOnly()) {
      boolean asks = dialect.lockExisting(table, rows) != null;
      return new Text(dialect.update(table, present, rows), !asks, List.of());
    }
    String returning = verdicts ? returning(dialect, table, present, rows, distinct) : null;
    String repeated = distinct ? null : dialect.insertRepeated(table, present, rows);
    if (returning != null) {
      return new Text(returning, true, List.of());
    }
    String sql = repeated == null ? dialect.insert(table, present, rows) : repeated;
    return new Text(sql, false, List.of());
  }

  /** An ignored row may not be returned, so that the others would be taken for it. */
  private static String withValues(
      SqlDialect dialect,
      SqlTable table,
      List<SqlColumn> present,
      int rows,
      List<SqlColumn> returned) {
    if (table.schema().isUpdateOnly()) {
      throw SqlTable.failure(
          table.schema(),
          List.of("no values can be returned of a row that may be absent"),
          "Remove 'returning' from the BatchPolicy, or read the rows afterwards");
    }
    boolean all = !table.mayIgnore(present);
    String sql =
        all || rows == 1
            ? dialect.insertReturningValues(table, present, rows, returned)
            : dialect.insertReturningNew(table, present, rows, returned);
    if (sql == null) {
      throw SqlTable.failure(
          table.schema(),
          List.of(
              all
                  ? dialect.reasonForNoValues(table, present)
                  : dialect.product() + " does not tell which rows were ignored"),
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
