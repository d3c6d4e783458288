package io.batchflow;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Row} cannot be sent: an unknown column, an unset required column, a value that throws
 * when it is read or that the driver cannot encode, or no row at all. Only that row fails, and
 * nothing of it was sent.
 */
public final class InvalidRowException extends BatchFlowException {

  private final @Nullable String column;

  /**
   * Creates the exception.
   *
   * @param table the table of the row, or {@code "?"} if there was no row
   * @param column the invalid column, or null if there is not exactly one
   * @param problem what is wrong
   * @param remedy what to do
   */
  public InvalidRowException(String table, @Nullable String column, String problem, String remedy) {
    this(table, column, problem, remedy, null, true);
  }

  InvalidRowException(
      String table,
      @Nullable String column,
      String problem,
      String remedy,
      @Nullable Throwable cause,
      boolean stackTrace) {
    super(
        table,
        "Row for table '" + table + "': " + problem + ". " + remedy + ".",
        cause,
        stackTrace);
    this.column = column;
  }

  static InvalidRowException unknownColumn(String table, String column, List<String> columns) {
    return new InvalidRowException(
        table,
        column,
        "there is no column '" + column + "'",
        "Add it to the Schema or correct the name. Its columns are " + String.join(", ", columns));
  }

  /**
   * Returns the error of a row that deletes its key, for a writer that cannot do that.
   *
   * @param table the table of the row
   */
  public static InvalidRowException deletesNothing(String table) {
    return new InvalidRowException(
        table,
        null,
        "it deletes its key, and the writer of this flow does not support that",
        "Delete the row by other means, or use a writer whose supportsDeletes returns true");
  }

  /**
   * Returns the error of a row that may only update, for a writer that would insert it.
   *
   * @param table the table of the row
   */
  public static InvalidRowException updatesNothing(String table) {
    return new InvalidRowException(
        table,
        null,
        "it may only update, and the writer of this flow does not support that",
        "Use onAbsent(INSERT), or a writer whose supportsUpdateOnly returns true");
  }

  /**
   * Returns the error of a row whose stored values are asked for, for a writer that knows none.
   *
   * @param table the table of the row
   */
  public static InvalidRowException returnsNothing(String table) {
    return new InvalidRowException(
        table,
        null,
        "its Schema has returning columns, and the writer of this flow cannot return values",
        "Remove returning from the Schema, or use a writer whose returnsValues returns true");
  }

  /**
   * Returns the error of a unit, for a writer that has no transactions across tables.
   *
   * @param tables the tables of the unit
   */
  public static InvalidRowException noUnits(String tables) {
    return new InvalidRowException(
        tables,
        null,
        "it is in a unit, and the writer of this flow has no transactions across tables",
        "Submit its rows one by one, or use a writer whose supportsUnits returns true");
  }

  /**
   * Returns the error of a row with a value that throws when it is read.
   *
   * @param table the table of the row
   * @param column the column of the value, or several, separated by commas
   * @param thrown the exception of the value
   */
  public static InvalidRowException unreadable(String table, String column, Throwable thrown) {
    return unreadable(table, column, "the value of '" + column + "'", thrown);
  }

  /**
   * Returns the error of a row with a value that throws when it is read.
   *
   * @param table the table of the row
   * @param column the column of the value
   * @param what what threw
   * @param thrown the exception of the value
   */
  public static InvalidRowException unreadable(
      String table, String column, String what, Throwable thrown) {
    return new InvalidRowException(
        table,
        column,
        what + " threw a " + thrown.getClass().getSimpleName(),
        "The cause is that exception: pass a value that can be read",
        thrown,
        true);
  }

  /**
   * Returns the error of an admitted row that a writer cannot send.
   *
   * @param table the table of the row
   * @param thrown the failure of the writer
   */
  public static InvalidRowException unsendable(String table, Throwable thrown) {
    return new InvalidRowException(
        table,
        null,
        "the writer cannot send it (" + thrown.getClass().getSimpleName() + ")",
        "The cause has the reason: correct the row and submit it again",
        thrown,
        false);
  }

  /**
   * Returns the error of a missing object.
   *
   * @param table the table that the object is for
   */
  public static InvalidRowException noObject(String table) {
    return new InvalidRowException(
        table, null, "the object is null", "Leave it out, or pass an object");
  }

  /**
   * Returns the error of an object that the code of the caller cannot map to a row.
   *
   * @param table the table of the row
   * @param thrown the exception of that code
   */
  public static InvalidRowException unmappable(String table, Throwable thrown) {
    return new InvalidRowException(
        table,
        null,
        "the mapping of its object threw a " + thrown.getClass().getSimpleName(),
        "The cause is that exception: correct the object or the mapper",
        thrown,
        true);
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.INVALID;
  }

  /** Returns the invalid column, if there is exactly one. */
  public Optional<String> column() {
    return Optional.ofNullable(column);
  }
}
