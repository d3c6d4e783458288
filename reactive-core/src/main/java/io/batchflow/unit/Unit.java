package io.batchflow.unit;

import io.batchflow.BatchWriter;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one or several tables that are applied together or not at all, and have one outcome. They
 * are written in their order, in one transaction with other units.
 *
 * <p>A flow handles a unit as one {@link Row} of {@link #SCHEMA}, whose only value is the list of
 * its rows. So a unit has a tag, counts as one row in limits and statistics, and can be submitted
 * like any row. Its size in bytes is that of all its rows. Units need a writer that {@linkplain
 * BatchWriter#supportsUnits supports} them; otherwise {@link io.batchflow.BatchFlow#submitTogether
 * submitTogether} throws an {@link io.batchflow.InvalidConfigurationException}.
 */
public final class Unit {

  /**
   * The schema of all units. A {@link io.batchflow.BatchFlow.Builder#policy policy} for it is the
   * policy of units; the flow is then only built over a writer that supports them.
   */
  public static final Schema SCHEMA = Schema.table("(units)").columns("rows").build();

  /** The most rows in a unit. */
  public static final int MAX_ROWS = 1_000;

  private static final int ROWS = 0;

  private Unit() {}

  /**
   * Returns the unit of the given rows. Freezes them, as a submission does.
   *
   * @param rows 1 to 1,000 rows, none of which is a unit
   * @throws InvalidRowException if there are no rows, too many of them, or one of them is invalid;
   *     it has the {@linkplain io.batchflow.BatchFlowException#positionInUnit() position} of that
   *     row
   */
  public static Row of(@Nullable List<? extends @Nullable Row> rows) {
    if (rows == null || rows.isEmpty()) {
      throw invalid("it has no rows", "Submit at least one row");
    }
    Row[] copy = rows.toArray(new Row[0]);
    if (copy.length > MAX_ROWS) {
      throw invalid(
          "it has " + copy.length + " rows, more than " + MAX_ROWS,
          "Divide it, or write the rows in a transaction of your own");
    }
    for (int position = 0; position < copy.length; position++) {
      freeze(copy[position], position);
    }
    return SCHEMA.row().set(ROWS, copy).freeze();
  }

  private static void freeze(@Nullable Row row, int position) {
    if (row == null) {
      throw invalid(
          "its row at position " + position + " is null", "Create rows with Schema.row()");
    }
    if (isUnit(row)) {
      throw invalid("its row at position " + position + " is a unit", "Submit the rows of both");
    }
    if (!row.schema().returning().isEmpty()) {
      throw new InvalidRowException(
              row.schema().table(),
              null,
              "its Schema has returning columns, and a unit has no stored values",
              "Use a Schema without returning")
          .initRow(row, position);
    }
    try {
      row.freeze();
    } catch (InvalidRowException ofTheRow) {
      throw ofTheRow.initRow(row, position);
    }
  }

  private static InvalidRowException invalid(String problem, String remedy) {
    return new InvalidRowException(SCHEMA.table(), null, "as a unit, " + problem, remedy);
  }

  /** Returns whether a row stands for a unit. */
  public static boolean isUnit(Row row) {
    return row.schema().equals(SCHEMA) && row.value(ROWS) instanceof Row[];
  }

  /** Returns the rows of a unit, in their order; of any other row, the row itself. Unmodifiable. */
  public static List<Row> rows(Row row) {
    return row.schema().equals(SCHEMA) && row.value(ROWS) instanceof Row[] rows
        ? Collections.unmodifiableList(Arrays.asList(rows))
        : List.of(row);
  }

  /** Returns the table of a row; of a unit, its tables, separated by commas. For messages. */
  public static String tables(Row row) {
    return isUnit(row)
        ? rows(row).stream()
            .map(each -> each.schema().table())
            .distinct()
            .collect(Collectors.joining(", "))
        : row.schema().table();
  }
}
