package io.batchflow.internal.write;

import io.batchflow.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt without a result: the writer violated its contract, or did not end in time. */
public final class NoResultException extends RuntimeException {

  /** {@link FailureKind#TRANSIENT} if nothing was sent, else {@link FailureKind#UNKNOWN}. */
  final FailureKind kind;

  private NoResultException(FailureKind kind, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  static NoResultException absent() {
    return new NoResultException(
        FailureKind.UNKNOWN, "BatchWriter.write completed without a BatchResult", null);
  }

  static NoResultException late(Duration timeout) {
    return new NoResultException(
        FailureKind.UNKNOWN, "The write was cancelled after its writeTimeout of " + timeout, null);
  }

  static NoResultException notSent(Duration timeout) {
    return new NoResultException(
        FailureKind.TRANSIENT,
        "Nothing was sent within the writeTimeout of "
            + timeout
            + ", because the writer had no connection",
        null);
  }

  static NoResultException notLookedUp(Throwable cause) {
    return new NoResultException(
        FailureKind.TRANSIENT, "The session was lost before anything was sent", cause);
  }
}
