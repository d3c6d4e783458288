package io.batchflow;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/**
 * The base class of all exceptions that BatchFlow throws or signals. Only this library can extend
 * it, so you can distinguish the cases by type. The cause is the database's original exception.
 * Messages name tables, columns and options, never the values of a row.
 */
public abstract class BatchFlowException extends RuntimeException {

  private final @Nullable String table;
  private transient @Nullable Row row;

  /**
   * Creates the exception.
   *
   * @param table the table concerned, or null
   * @param stackTrace whether to record a stack trace; for an outcome, which the engine's threads
   *     signal, it would not help the caller
   */
  BatchFlowException(
      @Nullable String table, String message, @Nullable Throwable cause, boolean stackTrace) {
    super(Printable.line(message), cause, true, stackTrace);
    this.table = table;
  }

  /** Returns the table concerned; null if there is none, or if all are concerned. */
  public @Nullable String table() {
    return table;
  }

  /**
   * Returns the row concerned, which is the submitted object; null if there is none, if a whole
   * batch is concerned, or after deserialization.
   */
  public @Nullable Row row() {
    return row;
  }

  /**
   * Sets the row concerned, unless it is set. The flow does this for each outcome.
   *
   * @return this exception
   */
  public BatchFlowException initRow(Row row) {
    if (this.row == null) {
      this.row = row;
    }
    return this;
  }

  /**
   * Returns the status of a row that fails with this exception: {@link OutcomeStatus#NOT_SENT} if
   * nothing was sent and you may submit the row again unchanged, {@link OutcomeStatus#UNKNOWN} if
   * the row may be applied, else {@link OutcomeStatus#REJECTED}.
   */
  public OutcomeStatus status() {
    return OutcomeStatus.REJECTED;
  }
}
