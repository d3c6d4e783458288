package io.batchflow;

import java.util.Objects;

/**
 * What a {@link BatchWriter} may signal instead of a backend's error that names a row of the batch,
 * as PostgreSQL's {@code COPY … line 17} does. Where the cause is {@link FailureKind#DATA} the flow
 * then writes all the others and after them that row, instead of halves; the row is rejected only
 * if it fails alone. Callers, listeners and the flow's classifier are told the cause.
 */
public final class BadRowException extends RuntimeException {

  private final int row;

  /**
   * Creates the exception.
   *
   * @param row the row's position in {@link Batch#rows()}; one that is not in the batch says
   *     nothing
   * @param cause the backend's error, by which nothing of the batch was applied
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

  /** Returns the backend's error where a row was named with it, else the failure itself. */
  public static Throwable causeOf(Throwable failure) {
    Throwable cause = failure instanceof BadRowException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }
}
