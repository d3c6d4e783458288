package io.batchflow;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Whatever BatchFlow itself signals or throws. No other class can extend it, so a caller can tell
 * the cases apart by type; a database's own exception is the cause, untouched. Messages of this
 * family name tables, columns and options, never the values of a row.
 */
public abstract class BatchFlowException extends RuntimeException {

  private final @Nullable String table;

  /**
   * Creates the exception.
   *
   * @param table the table that it is about, if it is about one
   * @param stackTrace whether it is thrown at its maker; an outcome, signalled by the engine's own
   *     threads to one caller of many, would carry a trace that tells that caller nothing
   */
  BatchFlowException(
      @Nullable String table, String message, @Nullable Throwable cause, boolean stackTrace) {
    super(Printable.line(message), cause, true, stackTrace);
    this.table = table;
  }

  /** Returns the table that this is about; null where it is about none or about all. */
  public @Nullable String table() {
    return table;
  }

  /**
   * Returns how a row ended that fails with this: {@link OutcomeStatus#NOT_SENT} if nothing was
   * sent and the row may be submitted again as it is, {@link OutcomeStatus#UNKNOWN} if it may be
   * applied, else {@link OutcomeStatus#REJECTED}.
   */
  public OutcomeStatus status() {
    return OutcomeStatus.REJECTED;
  }
}
