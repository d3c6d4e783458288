package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * The row was sent and no verdict came back: it may or may not be applied. Look it up before
 * submitting it again, or use a strategy that makes a repeat harmless.
 */
public final class UnknownOutcomeException extends BatchFlowException {

  private UnknownOutcomeException(String table, String reason, @Nullable Throwable cause) {
    super(
        table,
        "A row for table '"
            + table
            + "' was sent, but "
            + reason
            + ": it may or may not be there. Look it up before submitting it again, or use IGNORE,"
            + " REPLACE or UPDATE with a key, which make a repeat harmless.",
        cause,
        false);
  }

  /** Returns what a row is told whose write ended without a verdict. */
  public static UnknownOutcomeException noVerdict(String table, Throwable cause) {
    return new UnknownOutcomeException(
        table, "no verdict came back (" + cause.getClass().getSimpleName() + ")", cause);
  }

  /** Returns what a row is told that was in flight at the deadline of the close. */
  public static UnknownOutcomeException closed(String table) {
    return new UnknownOutcomeException(
        table, "close() reached its deadline before the verdict", null);
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.UNKNOWN;
  }
}
