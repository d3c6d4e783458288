package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * The flow was closed before this row was sent, or the table of the row is {@linkplain
 * io.batchflow.control.TableControl#drain drained}. Nothing of the row was sent. Also the error of
 * a {@linkplain io.batchflow.control.TableControl control} of a closed flow.
 */
public final class FlowClosedException extends BatchFlowException {

  private final boolean tableDrained;

  private FlowClosedException(@Nullable String table, String message, @Nullable Throwable cause) {
    this(table, message, cause, false);
  }

  private FlowClosedException(
      @Nullable String table, String message, @Nullable Throwable cause, boolean tableDrained) {
    super(table, message, cause, false);
    this.tableDrained = tableDrained;
  }

  /** Returns the error of a row when the flow has stopped after an internal fault. */
  public static FlowClosedException failed(String table, Throwable fault) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was not sent: the flow stopped after an internal fault ("
            + fault.getClass().getName()
            + "). Report the cause, and build a new flow.",
        fault);
  }

  /** Returns the error of a row that is submitted after the close. */
  public static FlowClosedException submitted(String table) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was submitted after close(). Submit it before closing, or build a new flow.",
        null);
  }

  /** Returns the error of a row of a drained table. */
  public static FlowClosedException drained(String table) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was turned away, as the table is drained and takes no rows. Resume the table first.",
        null,
        true);
  }

  /** Returns the error of a control of a table when the flow is closed, or closes. */
  public static FlowClosedException control(String table) {
    return new FlowClosedException(
        table,
        "Table '"
            + table
            + "' was not changed, as the flow is closed or closes. Change tables before closing, or"
            + " build a new flow.",
        null);
  }

  /** Returns the error of a stream that is not complete when the flow closes. */
  public static FlowClosedException stream() {
    return new FlowClosedException(
        null,
        "The flow was closed before the source of submitAll completed. Rows taken from the source"
            + " have their outcomes. Close the flow after the stream has completed.",
        null);
  }

  /** Returns the error of a row that was not sent by the deadline of the close. */
  public static FlowClosedException notSent(String table) {
    return new FlowClosedException(
        table,
        "Row for table '"
            + table
            + "' was not sent: close() reached its deadline first. Give close() more time, or"
            + " submit the row to another flow.",
        null);
  }

  /** Returns whether the flow is open, but the table is drained. */
  public boolean isTableDrained() {
    return tableDrained;
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.NOT_SENT;
  }
}
