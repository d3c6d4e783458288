package io.batchflow;

/**
 * The batch that carried this request could not be written, for a reason that no row's content is
 * to blame for. The request is surely not applied; the backend's own failure is the cause.
 */
public final class BatchWriteException extends BatchFlowException {

  private final String table;
  private final int batchSize;
  private final int attempts;

  BatchWriteException(Schema schema, int batchSize, int attempts, Throwable cause) {
    super(
        "A batch of "
            + batchSize
            + " rows for table '"
            + schema.table()
            + "' was not written after "
            + attempts
            + (attempts == 1 ? " attempt (" : " attempts (")
            + cause.getClass().getSimpleName()
            + "). The cause has the backend's failure: mend it and submit again.",
        cause,
        false);
    this.table = schema.table();
    this.batchSize = batchSize;
    this.attempts = attempts;
  }

  /** Returns the table of the batch. */
  public String table() {
    return table;
  }

  /** Returns the number of rows in the batch. */
  public int batchSize() {
    return batchSize;
  }

  /** Returns how often the batch was sent. */
  public int attempts() {
    return attempts;
  }
}
