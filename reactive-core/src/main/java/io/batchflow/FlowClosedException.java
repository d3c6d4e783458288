package io.batchflow;

import org.jspecify.annotations.Nullable;

/** The flow is closed, or closed before this request was sent. Nothing of the request was sent. */
public final class FlowClosedException extends BatchFlowException {

  private FlowClosedException(String message) {
    this(message, null);
  }

  private FlowClosedException(String message, @Nullable Throwable cause) {
    super(message, cause, false);
  }

  /** The flow ended by a fault of its own. */
  static FlowClosedException failed(Schema schema, Throwable fault) {
    return new FlowClosedException(
        "Request for table '"
            + schema.table()
            + "' was not sent: the flow stopped after a fault ("
            + fault.getClass().getName()
            + "). Report the fault, which is the cause, and build a new flow.",
        fault);
  }

  static FlowClosedException submitted(Schema schema) {
    return new FlowClosedException(
        "Request for table '"
            + schema.table()
            + "' came after close(). Submit before closing, or build a new flow.");
  }

  static FlowClosedException stream() {
    return new FlowClosedException(
        "The flow was closed while submitAll still had requests to take; those it took have their"
            + " outcomes, the rest were not asked for. Close after the stream has completed.");
  }

  static FlowClosedException notSent(Schema schema) {
    return new FlowClosedException(
        "Request for table '"
            + schema.table()
            + "' was not sent: close() reached its deadline first. Give close() more time, or"
            + " submit the request to another flow.");
  }
}
