package io.batchflow;

import org.jspecify.annotations.Nullable;

/** The flow is closed, or closed before this row was sent. Nothing of the row was sent. */
public final class FlowClosedException extends BatchFlowException {

  private FlowClosedException(@Nullable String table, String message, @Nullable Throwable cause) {
    super(table, message, cause, false);
  }

  /** Returns what a row is told when the flow has stopped by a fault of its own. */
  public static FlowClosedException failed(String table, Throwable fault) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was not sent: the flow stopped after a fault ("
            + fault.getClass().getName()
            + "). Report the fault, which is the cause, and build a new flow.",
        fault);
  }

  /** Returns what a row is told that comes after the close. */
  public static FlowClosedException submitted(String table) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' came after close(). Submit before closing, or build a new flow.",
        null);
  }

  /** Returns what a stream is told that has more rows when the flow closes. */
  public static FlowClosedException stream() {
    return new FlowClosedException(
        null,
        "The flow was closed while submitAll still had rows to take; those it took have their"
            + " outcomes, the rest were not asked for. Close after the stream has completed.",
        null);
  }

  /** Returns what a row is told that the flow no longer sends. */
  public static FlowClosedException notSent(String table) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was not sent: close() reached its deadline first. Give close() more time, or"
            + " submit the row to another flow.",
        null);
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.NOT_SENT;
  }
}
