package io.batchflow;

/**
 * The backend refused this very row; the other rows of its batch were not harmed. The row is surely
 * not applied, and the backend's own reason is the cause.
 */
public final class RequestRejectedException extends BatchFlowException {

  private final String table;
  private final int attempts;

  RequestRejectedException(Schema schema, int attempts, Throwable cause) {
    super(
        "Table '"
            + schema.table()
            + "' refused a row ("
            + cause.getClass().getSimpleName()
            + "). The cause has the backend's reason: correct the row and submit it again.",
        cause,
        false);
    this.table = schema.table();
    this.attempts = attempts;
  }

  /** Returns the table that refused the row. */
  public String table() {
    return table;
  }

  /** Returns how often the batch that it was refused in was sent, 1 where there was no retry. */
  public int attempts() {
    return attempts;
  }
}
