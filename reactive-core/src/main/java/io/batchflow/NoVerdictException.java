package io.batchflow;

import java.time.Duration;

/** An attempt that the writer gave no verdict on: it broke its contract, or did not end in time. */
final class NoVerdictException extends RuntimeException {

  /** {@link FailureKind#TRANSIENT} if nothing was sent, else {@link FailureKind#UNKNOWN}. */
  final FailureKind kind;

  private NoVerdictException(FailureKind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  static NoVerdictException absent() {
    return new NoVerdictException(
        FailureKind.UNKNOWN, "BatchWriter.write completed without a BatchResult");
  }

  static NoVerdictException late(Duration timeout) {
    return new NoVerdictException(
        FailureKind.UNKNOWN, "The write was given up after its writeTimeout of " + timeout);
  }

  static NoVerdictException notSent(Duration timeout) {
    return new NoVerdictException(
        FailureKind.TRANSIENT,
        "Nothing was sent within the writeTimeout of "
            + timeout
            + ", as the writer had no connection");
  }
}
