package io.batchflow;

import java.util.Objects;

/**
 * A {@link BatchWriter} may signal this when the backend's error names one row of the batch, as
 * PostgreSQL's {@code COPY … line 17} does. If the cause is {@link FailureKind#DATA}, the flow
 * writes all other rows first and then that row alone, instead of halving the batch. The row is
 * rejected only if it fails alone. Callers, listeners and the flow's classifier receive the cause.
 */
public final class BadRowException extends RuntimeException {

  private final int row;

  /**
   * Creates the exception.
   *
   * @param row the row's position in {@link Batch#rows()}; a position outside the batch is ignored
   * @param cause the backend's error; nothing of the batch was applied
   */
  public BadRowException(int row, Throwable cause) {
    super(
        "Row " + row + " of the batch is bad", Objects.requireNonNull(cause, "cause"), true, false);
    this.row = row;
  }

  /** Returns the row's position in {@link Batch#rows()}. */
  public int row() {
    return row;
  }

  /** Returns the cause if the failure is a {@code BadRowException}, else the failure itself. */
  public static Throwable causeOf(Throwable failure) {
    Throwable cause = failure instanceof BadRowException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }
}
