package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * The row was sent and its result was lost: it may or may not be applied. Look it up before you
 * submit it again, or use a strategy that makes a repeat harmless.
 */
public final class UnknownOutcomeException extends BatchFlowException {

  private UnknownOutcomeException(
      String table, String reason, @Nullable Throwable cause, @Nullable BackendError backend) {
    super(
        table,
        "A row for table '"
            + table
            + "' was sent, but "
            + reason
            + ": it may or may not be applied. Look it up before submitting it again, or use"
            + " IGNORE, REPLACE or UPDATE with a key, which make a repeat harmless.",
        cause,
        false,
        backend);
  }

  /** Returns the error of a row whose write ended without a result. */
  public static UnknownOutcomeException noVerdict(String table, Throwable cause) {
    return noVerdict(table, cause, null);
  }

  /**
   * Returns the error of a row whose write ended without a result.
   *
   * @param backend what the backend reported, or null
   */
  public static UnknownOutcomeException noVerdict(
      String table, Throwable cause, @Nullable BackendError backend) {
    return new UnknownOutcomeException(
        table, "its result was lost (" + cause.getClass().getSimpleName() + ")", cause, backend);
  }

  /** Returns the error of a row that was in flight at the deadline of the close. */
  public static UnknownOutcomeException closed(String table) {
    return new UnknownOutcomeException(
        table, "close() reached its deadline before the result came back", null, null);
  }

  /**
   * Returns the error of a row whose statement succeeded, although the backend returned no value of
   * a column that it makes.
   */
  public static UnknownOutcomeException noValue(String table, String column) {
    return new UnknownOutcomeException(
        table, "the database returned no value of its column '" + column + "'", null, null);
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.UNKNOWN;
  }
}
