package io.batchflow;

/** The flow is closed, or closed before this request was sent. Nothing of the request was sent. */
public final class FlowClosedException extends BatchFlowException {

  private FlowClosedException(String message) {
    super(message, null, false);
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
