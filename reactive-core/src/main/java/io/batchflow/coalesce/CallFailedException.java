package io.batchflow.coalesce;

import io.batchflow.BatchFlowException;
import io.batchflow.OutcomeStatus;
import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/**
 * The handler of a {@link Coalescer} failed this call, or gave no reply to it. The cause is the
 * handler's own failure. The message names the handler, never the call.
 */
public final class CallFailedException extends RuntimeException {

  private final String handler;
  private final OutcomeStatus status;
  private final boolean retryable;

  private CallFailedException(
      String handler,
      String message,
      OutcomeStatus status,
      boolean retryable,
      @Nullable Throwable cause) {
    // The engine's threads signal it: their stack traces would not help the caller.
    super(Printable.line("Handler '" + handler + "' " + message), cause, false, false);
    this.handler = handler;
    this.status = status;
    this.retryable = retryable;
  }

  /** Returns the error of a call, whose row ended with a failure. */
  static CallFailedException of(String handler, BatchFlowException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof MissingReplyException) {
      return new CallFailedException(
          handler,
          cause.getMessage() + ". The call may have had its effect. Correct the handler.",
          OutcomeStatus.UNKNOWN,
          false,
          cause);
    }
    String name = (cause == null ? failure : cause).getClass().getSimpleName();
    String message =
        failure.status() == OutcomeStatus.UNKNOWN
            ? "was called, but its reply was lost ("
                + name
                + "). The call may have had its effect: find out before you repeat it."
            : "failed a call (" + name + "). The call had no effect. The cause tells the reason.";
    return new CallFailedException(
        handler, message, failure.status(), failure.isRetryable(), cause);
  }

  /** Returns the name of the handler. */
  public String handler() {
    return handler;
  }

  /**
   * Returns {@link OutcomeStatus#UNKNOWN} if the call may have had its effect. With any other
   * status it had none.
   */
  public OutcomeStatus status() {
    return status;
  }

  /** Returns whether the same call may succeed later: it had no effect, and the reason may pass. */
  public boolean isRetryable() {
    return retryable;
  }
}
