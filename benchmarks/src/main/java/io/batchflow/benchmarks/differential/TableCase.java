package io.batchflow.benchmarks.differential;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One table and the rows that are written to it. Immutable.
 *
 * @param seed the number that the case was generated from
 * @param key the columns of the conflict key; may be empty
 * @param keyClause the declaration of the key, such as {@code PRIMARY KEY}; may be empty
 */
record TableCase(
    long seed,
    List<Column> columns,
    List<String> key,
    String keyClause,
    List<Extra> extras,
    Writing writing,
    List<CaseRow> rows) {

  static final String TABLE = "t";

  /** The table that triggers and rules write to. */
  static final String LOG = "CREATE TABLE log (id integer)";

  /** The column that holds the number of the row, if the table has one. */
  static final String MARK = "n";

  /** The number of the first row that exists before the others. */
  private static final int HELD = 1_000_000;

  /** The column by which a partial key selects its rows, if the table has such a key. */
  static final String PART = "p";

  /** Returns the statements that create the table. */
  List<String> ddl() {
    List<String> statements = new ArrayList<>();
    List<String> parts = new ArrayList<>(columns.stream().map(Column::ddl).toList());
    if (!keyClause.isEmpty()) {
      parts.add(keyClause + " (" + String.join(", ", key) + ")");
    }
    for (Extra extra : extras) {
      statements.addAll(extra.before());
      if (!extra.inTable().isEmpty()) {
        parts.add(extra.inTable());
      }
    }
    statements.add("CREATE TABLE " + TABLE + " (" + String.join(", ", parts) + ")");
    extras.forEach(extra -> statements.addAll(extra.after()));
    return statements;
  }

  Schema schema() {
    Schema.Builder schema =
        Schema.table(TABLE)
            .columns(written())
            .conflictKey(key)
            .onConflict(writing.strategy())
            .onAbsent(writing.onAbsent());
    writing.updateColumns().forEach(schema::updateColumns);
    if (isPartial()) {
      schema.conflictWhere(Extras.PARTIAL);
    }
    return schema.build();
  }

  /**
   * Returns the rows that exist before the others are written. Rows that only update need some:
   * every other row of the case has such a row of its key.
   */
  List<CaseRow> held() {
    if (writing.onAbsent() == AbsentStrategy.INSERT) {
      return List.of();
    }
    return IntStream.range(0, rows.size())
        .filter(row -> row % 2 == 0 && !rows.get(row).deletes())
        .mapToObj(row -> hasMark() ? rows.get(row).with(MARK, HELD + row) : rows.get(row))
        .toList();
  }

  List<String> written() {
    return columns.stream().filter(Column::written).map(Column::name).toList();
  }

  Column column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Returns whether a trigger or rule writes a log of the rows that can be compared. Merged rows
   * are written once, so their log cannot.
   */
  boolean keepsLog() {
    return writing.strategy() == ConflictStrategy.FAIL
        && extras.stream().anyMatch(extra -> extra.before().contains(LOG));
  }

  /** Returns whether the key is a partial index. */
  boolean isPartial() {
    return columns.stream().anyMatch(column -> column.name().equals(PART));
  }

  boolean hasMark() {
    return columns.stream().anyMatch(column -> column.name().equals(MARK));
  }

  TableCase withRows(List<CaseRow> others) {
    return new TableCase(seed, columns, key, keyClause, extras, writing, others);
  }

  TableCase withExtras(List<Extra> others) {
    return new TableCase(seed, columns, key, keyClause, others, writing, rows);
  }

  TableCase withColumns(List<Column> others) {
    return new TableCase(seed, others, key, keyClause, extras, writing, rows);
  }

  TableCase withWriting(Writing other) {
    return new TableCase(seed, columns, key, keyClause, extras, other, rows);
  }

  /** Returns the case without a column, which must not be part of the key. */
  TableCase without(String column) {
    return new TableCase(
        seed,
        columns.stream().filter(each -> !each.name().equals(column)).toList(),
        key,
        keyClause,
        extras.stream().filter(extra -> !extra.columns().contains(column)).toList(),
        writing.updating(
            writing.updateColumns().stream().filter(each -> !each.equals(column)).toList()),
        rows.stream().map(row -> row.without(column)).toList());
  }
}
