package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The parts of statements that many databases spell alike, with the names as a dialect quotes them.
 * For authors of dialects: {@link #insertOrMerge} is a whole statement of the SQL standard. The
 * texts hold names and parameters, never values. Immutable.
 */
public final class SqlText {

  private final SqlDialect dialect;
  private final Placeholder placeholder;

  /** Creates the parts for a dialect that spells every parameter {@code ?}. */
  public SqlText(SqlDialect dialect) {
    this(dialect, Placeholder.QUESTION_MARK);
  }

  /** Creates the parts for a dialect whose parameters are spelled in this way. */
  public SqlText(SqlDialect dialect, Placeholder placeholder) {
    this.dialect = dialect;
    this.placeholder = placeholder;
  }

  /** Returns the name of a table with its qualifier. */
  public String table(SqlTable table) {
    return String.join(".", table.path().stream().map(dialect::quote).toList());
  }

  String quote(String identifier) {
    return dialect.quote(identifier);
  }

  /** Returns the name of a column. */
  public String name(SqlColumn column) {
    return dialect.quote(column.name());
  }

  /** Returns the names of columns, with commas between them. */
  public String names(List<SqlColumn> columns) {
    return list(", ", columns, this::name);
  }

  /** Returns {@code INSERT INTO} with the table and the columns that rows set. */
  public String insertInto(SqlTable table, List<SqlColumn> present) {
    return "INSERT" + into(table, present);
  }

  String into(SqlTable table, List<SqlColumn> columns) {
    return " INTO " + table(table) + " (" + names(columns) + ")";
  }

  /** Returns {@code VALUES} with a parameter for each value, row by row. */
  public String values(List<SqlColumn> present, int rows) {
    return rows(present, rows, (parameter, type) -> parameter);
  }

  /**
   * Returns {@code VALUES} with a parameter for each value, row by row. Each is cast to the {@link
   * SqlColumn#castType()}, for a database that cannot derive the types of parameters.
   */
  public String castValues(List<SqlColumn> present, int rows) {
    return rows(present, rows, (parameter, type) -> "CAST(" + parameter + " AS " + type + ")");
  }

  private String rows(List<SqlColumn> present, int rows, BinaryOperator<String> value) {
    // Where all parameters are spelled alike, so are all rows.
    int different = placeholder == Placeholder.QUESTION_MARK ? 1 : rows;
    String texts =
        IntStream.range(0, different)
            .mapToObj(row -> row(present, row * present.size(), value))
            .collect(Collectors.joining(", "));
    return "VALUES " + texts + (", " + texts).repeat(different == rows ? 0 : rows - 1);
  }

  private String row(List<SqlColumn> present, int first, BinaryOperator<String> value) {
    return IntStream.range(0, present.size())
        .mapToObj(i -> value.apply(placeholder.at(first + i), present.get(i).castType()))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /**
   * Returns the statement of the SQL standard that stores rows by the strategy of the table's
   * schema: an {@code INSERT} for FAIL, otherwise a {@code MERGE}. Without a conflict key, IGNORE
   * considers all unique keys whose columns the rows set. Rows that do not set their whole key are
   * inserted.
   *
   * <p>A {@code MERGE} does not see its own rows. So without a conflict key, a statement must take
   * only one row: override {@link SqlDialect#maxRows}. Two sessions can also try to insert the same
   * key: say so in {@link SqlDialect#isLostRace} if the database does not lock keys that are not
   * there.
   *
   * @param present the columns that the rows set
   * @param values the rows: {@link #values}, {@link #castValues} or another query
   */
  public String insertOrMerge(SqlTable table, List<SqlColumn> present, String values) {
    List<List<SqlColumn>> keys =
        keys(table, present).stream().filter(present::containsAll).toList();
    if (keys.isEmpty()) {
      return insertInto(table, present) + " " + values;
    }
    String columns = list(", ", present, column -> carrier(column, present));
    String same =
        keys.stream()
            .map(
                key ->
                    list(
                        " AND ",
                        key,
                        column -> "t." + name(column) + " = " + value(column, present)))
            .collect(Collectors.joining(" OR "));
    return merge(table, present, "(" + values + ") s (" + columns + ")", same);
  }

  /**
   * Returns the {@code DELETE} of the SQL standard for the rows of some keys, with a parameter for
   * each value, row by row. The values are compared with the columns as they are.
   */
  public String deleteByKeys(SqlTable table, List<SqlColumn> key, int rows) {
    String keys = key.size() == 1 ? parameters(rows) : values(key, rows);
    return "DELETE FROM " + table(table) + " WHERE (" + names(key) + ") IN (" + keys + ")";
  }

  private String parameters(int count) {
    return IntStream.range(0, count).mapToObj(placeholder::at).collect(Collectors.joining(", "));
  }

  /**
   * Returns the keys whose conflicts count: none for FAIL, otherwise the conflict key, or if there
   * is none all unique keys whose columns the rows set.
   */
  static List<List<SqlColumn>> keys(SqlTable table, List<SqlColumn> present) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return List.of();
    }
    return table.schema().conflictKey().isEmpty()
        ? table.uniqueKeys().stream().filter(present::containsAll).toList()
        : List.of(table.conflictKey());
  }

  /**
   * Returns a {@code MERGE} into the table {@code t}.
   *
   * @param source the rows as a table {@code s}, whose columns are named by {@link #carrier}
   * @param same the condition under which a row of {@code s} is a row of {@code t}
   */
  String merge(SqlTable table, List<SqlColumn> present, String source, String same) {
    List<SqlColumn> assigned = table.overwritten(present);
    return "MERGE INTO "
        + table(table)
        + " t USING "
        + source
        + " ON "
        + same
        + (assigned.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET ")
        + list(", ", assigned, column -> name(column) + " = " + value(column, present))
        + " WHEN NOT MATCHED THEN INSERT ("
        + names(present)
        + ") VALUES ("
        + list(", ", present, column -> value(column, present))
        + ")";
  }

  /** Returns a row's value of a column in a {@link #merge}. */
  static String value(SqlColumn column, List<SqlColumn> present) {
    return present.contains(column) ? "s." + carrier(column, present) : "DEFAULT";
  }

  /** Returns the name of a column in a source of rows. */
  static String carrier(SqlColumn column, List<SqlColumn> present) {
    return "c" + present.indexOf(column);
  }

  /**
   * Returns the {@code ON CONFLICT} clause that the strategy of the table's schema needs, as in
   * PostgreSQL and SQLite; empty for FAIL. In {@code excluded}, a column that the row does not set
   * has its default.
   *
   * @param target what the conflict is about, such as {@link #keyTarget}
   */
  public String onConflict(SqlTable table, List<SqlColumn> present, String target) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> assigned = table.overwritten(present);
    return " ON CONFLICT"
        + target
        + (assigned.isEmpty() ? " DO NOTHING" : " DO UPDATE SET ")
        + list(", ", assigned, column -> name(column) + " = excluded." + name(column));
  }

  /** Returns the columns of the conflict key, and the condition of its index. */
  public String keyTarget(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    String where = table.schema().conflictWhere();
    return (key.isEmpty() ? "" : " (" + names(key) + ")")
        + (where == null ? "" : " WHERE " + where);
  }

  /** Returns the texts of columns with a separator between them. */
  public static String list(
      String separator, List<SqlColumn> columns, Function<SqlColumn, String> each) {
    return String.join(separator, columns.stream().map(each).toList());
  }

  /** Returns the literal of a text that the database itself gave. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
