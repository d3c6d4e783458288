package io.batchflow;

import java.time.Duration;

/** The delivery deadline of a row passed before it was sent. The row is not applied. */
public final class RowExpiredException extends BatchFlowException {

  private final Duration deliveryTimeout;

  /**
   * Creates the exception.
   *
   * @param table the table of the row
   * @param deliveryTimeout the deadline that passed, counted from the submission
   */
  public RowExpiredException(String table, Duration deliveryTimeout) {
    super(
        table,
        "Row for table '"
            + table
            + "' was not written within its deliveryTimeout ("
            + deliveryTimeout
            + ") and is no longer sent. The backend is slower than the callers: slow them down,"
            + " or raise deliveryTimeout.",
        null,
        false);
    this.deliveryTimeout = deliveryTimeout;
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.NOT_SENT;
  }

  /** Returns true, if you still want the row. */
  @Override
  public boolean isRetryable() {
    return true;
  }

  /** Returns the deadline that passed, counted from the submission. */
  public Duration deliveryTimeout() {
    return deliveryTimeout;
  }
}
