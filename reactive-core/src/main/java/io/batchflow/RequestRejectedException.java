package io.batchflow;

/**
 * The backend refused this very row; the other rows of its batch were not harmed. The row is surely
 * not applied, and the backend's own reason is the cause.
 */
public final class RequestRejectedException extends BatchFlowException {

  private final String table;

  RequestRejectedException(Schema schema, Throwable cause) {
    super(
        "Table '"
            + schema.table()
            + "' refused a row ("
            + cause.getClass().getSimpleName()
            + "). The cause has the backend's reason: correct the row and submit it again.",
        cause,
        false);
    this.table = schema.table();
  }

  /** Returns the table that refused the row. */
  public String table() {
    return table;
  }
}
