package io.batchflow;

import io.batchflow.internal.write.NoResultException;
import org.jspecify.annotations.Nullable;

/**
 * The batch of this row could not be written, and nothing shows that the content of the row is the
 * reason. The row is not applied. The cause is the backend's failure. If the row was written alone,
 * and no other row shows that the table takes rows, its content may be the reason nevertheless.
 */
public final class BatchWriteException extends BatchFlowException {

  private final int batchSize;
  private final int attempts;
  private final boolean retryable;

  /**
   * Creates the exception.
   *
   * @param table the table of the batch
   * @param batchSize the number of rows in the batch
   * @param attempts how often the batch was sent
   * @param cause the backend's failure
   */
  public BatchWriteException(String table, int batchSize, int attempts, Throwable cause) {
    this(table, batchSize, attempts, cause, false, null);
  }

  /**
   * Creates the exception.
   *
   * @param table the table of the batch
   * @param batchSize the number of rows in the batch
   * @param attempts how often the batch was sent
   * @param cause the backend's failure
   * @param retryable whether a later attempt may succeed
   * @param backend what the backend reported, or null
   */
  public BatchWriteException(
      String table,
      int batchSize,
      int attempts,
      Throwable cause,
      boolean retryable,
      @Nullable BackendError backend) {
    super(
        table,
        (batchSize == 1 ? "A row" : "A batch of " + batchSize + " rows")
            + " for table '"
            + table
            + "' was not written after "
            + attempts
            + (attempts == 1 ? " attempt (" : " attempts (")
            + cause.getClass().getSimpleName()
            + "). The cause is the backend's failure: fix it"
            + (batchSize == 1 ? ", or the row if it is the reason," : "")
            + " and submit the row again.",
        cause,
        false,
        backend);
    this.batchSize = batchSize;
    this.attempts = attempts;
    this.retryable = retryable;
  }

  /** Returns NOT_SENT if the last attempt got no connection in time, else REJECTED. */
  @Override
  public OutcomeStatus status() {
    return getCause() instanceof NoResultException ? OutcomeStatus.NOT_SENT : super.status();
  }

  /** Returns whether the failure was transient and outlasted all retries. */
  @Override
  public boolean isRetryable() {
    return retryable;
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
