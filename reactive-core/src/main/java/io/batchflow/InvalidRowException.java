package io.batchflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Row} that does not fit its {@link Schema}: an unknown column, a required column left
 * unset, a value that throws when it is looked at, no row at all. Only that row is rejected, before
 * it is admitted.
 */
public final class InvalidRowException extends BatchFlowException {

  private final @Nullable String column;

  /**
   * Creates the exception.
   *
   * @param table the table that the row was for, or {@code "?"} where there was no row
   * @param column the column at fault, where it is one column
   * @param problem what is wrong
   * @param remedy what to do
   */
  public InvalidRowException(String table, @Nullable String column, String problem, String remedy) {
    this(table, column, problem, remedy, null);
  }

  InvalidRowException(
      String table,
      @Nullable String column,
      String problem,
      String remedy,
      @Nullable Throwable cause) {
    super(table, "Row for table '" + table + "': " + problem + ". " + remedy + ".", cause, true);
    this.column = column;
  }

  /**
   * Returns what is wrong with a row of which a value throws when it is looked at.
   *
   * @param table the table that the row was for
   * @param column the column of the value, or several, with commas between them
   * @param thrown what the value threw
   */
  public static InvalidRowException unreadable(String table, String column, Throwable thrown) {
    return new InvalidRowException(
        table,
        column,
        "the value of '" + column + "' threw a " + thrown.getClass().getSimpleName(),
        "The cause is what it threw: give a value that can be read",
        thrown);
  }

  /** Returns the column at fault, where it is one column. */
  public Optional<String> column() {
    return Optional.ofNullable(column);
  }
}
