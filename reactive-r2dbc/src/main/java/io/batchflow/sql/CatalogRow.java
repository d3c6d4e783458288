package io.batchflow.sql;

import org.jspecify.annotations.Nullable;

/**
 * One column of one table, as {@link SqlDialect#catalogQuery()} reads it.
 *
 * @param schema the qualifier of the table
 * @param current whether a table name without a qualifier is looked up there
 * @param table the table's real name
 * @param column the column's real name
 * @param type the column's type as the database spells it
 * @param castType the type to cast a value to before it is stored; null for the type itself
 * @param generated whether the database generates the values of the column
 * @param required whether every row must set the column: it takes no null, has no default, and
 *     nothing fills it
 * @param uniqueKeys the names of the unique keys that the column is part of, one a line; empty if
 *     there are none. Partial keys and those on expressions do not count. The primary key is named
 *     '*'. A line that begins with '!' names a key that detects no conflicts, and why. Null if the
 *     dialect does not read them
 * @param tableKind the kind of the table, in the dialect's own words; null if it has none
 * @param comparison how the column compares values, apart from its type, in the dialect's own
 *     words; null if it has none
 */
public record CatalogRow(
    String schema,
    boolean current,
    String table,
    String column,
    String type,
    @Nullable String castType,
    boolean generated,
    boolean required,
    @Nullable String uniqueKeys,
    @Nullable String tableKind,
    @Nullable String comparison) {

  /** A row of a result. Columns are numbered from 0. */
  public interface Cells<E extends Exception> {

    /** Returns a text. */
    @Nullable String text(int column) throws E;

    /** Returns a boolean, which some databases return as a number. */
    boolean truth(int column) throws E;
  }

  /** Returns a row of the result of {@link SqlDialect#catalogQuery()}. */
  public static <E extends Exception> CatalogRow of(Cells<E> cells) throws E {
    return new CatalogRow(
        orEmpty(cells.text(0)),
        cells.truth(1),
        orEmpty(cells.text(2)),
        orEmpty(cells.text(3)),
        orEmpty(cells.text(4)),
        cells.text(5),
        cells.truth(6),
        cells.truth(7),
        cells.text(8),
        cells.text(9),
        cells.text(10));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
