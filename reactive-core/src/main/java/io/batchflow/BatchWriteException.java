package io.batchflow;

import io.batchflow.internal.write.NoVerdictException;

/**
 * The batch that carried this row could not be written, for a reason that no row's content is to
 * blame for. The row is surely not applied; the backend's own failure is the cause.
 */
public final class BatchWriteException extends BatchFlowException {

  private final int batchSize;
  private final int attempts;

  /**
   * Creates the exception.
   *
   * @param table the table of the batch
   * @param batchSize the number of its rows
   * @param attempts how often it was sent
   * @param cause the backend's failure
   */
  public BatchWriteException(String table, int batchSize, int attempts, Throwable cause) {
    super(
        table,
        "A batch of "
            + batchSize
            + " rows for table '"
            + table
            + "' was not written after "
            + attempts
            + (attempts == 1 ? " attempt (" : " attempts (")
            + cause.getClass().getSimpleName()
            + "). The cause has the backend's failure: mend it and submit again.",
        cause,
        false);
    this.batchSize = batchSize;
    this.attempts = attempts;
  }

  /** Not sent if its last attempt had no connection within its time. */
  @Override
  public OutcomeStatus status() {
    return getCause() instanceof NoVerdictException ? OutcomeStatus.NOT_SENT : super.status();
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
