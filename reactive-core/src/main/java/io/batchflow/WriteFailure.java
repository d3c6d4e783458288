package io.batchflow;

/** A failed attempt and what it means; never leaves the {@link WritePath}. */
final class WriteFailure extends RuntimeException {

  private final FailureKind kind;
  private final Throwable reason;

  WriteFailure(FailureKind kind, Throwable reason) {
    super(reason.getClass().getName(), reason, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  FailureKind kind() {
    return kind;
  }

  /** Returns the writer's own failure. */
  Throwable reason() {
    return reason;
  }
}
