package io.batchflow.internal.write;

import io.batchflow.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt without a result: the writer violated its contract, or did not end in time. */
public final class NoVerdictException extends RuntimeException {

  /** {@link FailureKind#TRANSIENT} if nothing was sent, else {@link FailureKind#UNKNOWN}. */
  final FailureKind kind;

  private NoVerdictException(FailureKind kind, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  static NoVerdictException absent() {
    return new NoVerdictException(
        FailureKind.UNKNOWN, "BatchWriter.write completed without a BatchResult", null);
  }

  static NoVerdictException late(Duration timeout) {
    return new NoVerdictException(
        FailureKind.UNKNOWN, "The write was cancelled after its writeTimeout of " + timeout, null);
  }

  static NoVerdictException notSent(Duration timeout) {
    return new NoVerdictException(
        FailureKind.TRANSIENT,
        "Nothing was sent within the writeTimeout of "
            + timeout
            + ", because the writer had no connection",
        null);
  }

  static NoVerdictException notLookedUp(Throwable cause) {
    return new NoVerdictException(
        FailureKind.TRANSIENT, "The session was lost before anything was sent", cause);
  }
}
