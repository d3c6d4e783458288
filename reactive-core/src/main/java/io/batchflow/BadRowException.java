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
  private final int position;

  /**
   * Creates the exception.
   *
   * @param row the row's position in {@link Batch#rows()}; a position outside the batch is ignored
   * @param cause the backend's error; nothing of the batch was applied
   */
  public BadRowException(int row, Throwable cause) {
    this(row, -1, cause);
  }

  /**
   * Creates the exception of a bad unit.
   *
   * @param unit the unit's position in {@link Batch#rows()}; a position outside the batch is
   *     ignored
   * @param position the position in the unit of the bad row, from 0; -1 if it is not known
   * @param cause the backend's error; nothing of the batch was applied
   */
  public BadRowException(int unit, int position, Throwable cause) {
    super(
        "Row " + unit + " of the batch is bad",
        Objects.requireNonNull(cause, "cause"),
        true,
        false);
    this.row = unit;
    this.position = position;
  }

  /** Returns the row's position in {@link Batch#rows()}. */
  public int row() {
    return row;
  }

  /** Returns the position of the bad row in its unit, from 0; -1 if it is not known. */
  public int positionInUnit() {
    return position;
  }

  /** Returns the cause if the failure is a {@code BadRowException}, else the failure itself. */
  public static Throwable causeOf(Throwable failure) {
    Throwable cause = failure instanceof BadRowException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }
}
