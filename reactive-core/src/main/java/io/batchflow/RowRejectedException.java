package io.batchflow;

/**
 * The backend rejected this very row; the other rows of its batch were not harmed. The row is
 * surely not applied, and the backend's own reason is the cause.
 */
public final class RowRejectedException extends BatchFlowException {

  private final int attempts;

  /**
   * Creates the exception.
   *
   * @param table the table that rejected the row
   * @param attempts how often the batch was sent that the row was rejected in
   * @param cause the backend's reason
   */
  public RowRejectedException(String table, int attempts, Throwable cause) {
    super(
        table,
        "Table '"
            + table
            + "' rejected a row ("
            + cause.getClass().getSimpleName()
            + "). The cause has the backend's reason: correct the row and submit it again.",
        cause,
        false);
    this.attempts = attempts;
  }

  /** Returns how often the batch that it was rejected in was sent, 1 where there was no retry. */
  public int attempts() {
    return attempts;
  }
}
