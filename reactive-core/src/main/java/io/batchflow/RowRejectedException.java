package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * The backend rejected this row; the other rows of its batch are not affected. The row is not
 * applied. The cause is the backend's error.
 */
public final class RowRejectedException extends BatchFlowException {

  private final int attempts;

  /**
   * Creates the exception.
   *
   * @param table the table that rejected the row
   * @param attempts how often the row's last batch was sent
   * @param cause the backend's error
   */
  public RowRejectedException(String table, int attempts, Throwable cause) {
    this(table, attempts, cause, null);
  }

  /**
   * Creates the exception.
   *
   * @param table the table that rejected the row
   * @param attempts how often the row's last batch was sent
   * @param cause the backend's error
   * @param backend what the backend reported, or null
   */
  public RowRejectedException(
      String table, int attempts, Throwable cause, @Nullable BackendError backend) {
    super(
        table,
        "Table '"
            + table
            + "' rejected a row ("
            + cause.getClass().getSimpleName()
            + "). The cause is the backend's error: correct the row and submit it again.",
        cause,
        false,
        backend);
    this.attempts = attempts;
  }

  /** Returns how often the row's last batch was sent; 1 if there was no retry. */
  public int attempts() {
    return attempts;
  }
}
