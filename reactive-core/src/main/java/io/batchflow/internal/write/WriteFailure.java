package io.batchflow.internal.write;

import io.batchflow.FailureKind;

/** A failed attempt and its kind. Internal to the {@link WritePath}. */
final class WriteFailure extends RuntimeException {

  private static final int NO_ROW = -1;

  private final FailureKind kind;
  private final Throwable reason;
  private final int badRow;

  WriteFailure(FailureKind kind, Throwable reason) {
    this(kind, reason, NO_ROW);
  }

  /**
   * @param badRow the position in the batch of the row that caused the failure
   */
  WriteFailure(FailureKind kind, Throwable reason, int badRow) {
    super(reason.getClass().getName(), reason, false, false);
    this.kind = kind;
    this.reason = reason;
    this.badRow = badRow;
  }

  FailureKind kind() {
    return kind;
  }

  /** Returns the writer's own failure. */
  Throwable reason() {
    return reason;
  }

  /** Returns the position in the batch of the row that caused the failure; -1 if not known. */
  int badRow() {
    return badRow;
  }
}
