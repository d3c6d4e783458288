package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * The request was sent and no verdict came back: it may or may not be applied. Look it up before
 * submitting it again, or use a strategy that makes a repeat harmless.
 */
public final class UnknownOutcomeException extends BatchFlowException {

  private final String table;

  private UnknownOutcomeException(Schema schema, String reason, @Nullable Throwable cause) {
    super(
        "A row for table '"
            + schema.table()
            + "' was sent, but "
            + reason
            + ": it may or may not be there. Look it up before submitting it again, or use IGNORE,"
            + " REPLACE or UPDATE with a key, which make a repeat harmless.",
        cause,
        false);
    this.table = schema.table();
  }

  static UnknownOutcomeException noVerdict(Schema schema, Throwable cause) {
    return new UnknownOutcomeException(
        schema, "no verdict came back (" + cause.getClass().getSimpleName() + ")", cause);
  }

  static UnknownOutcomeException closed(Schema schema) {
    return new UnknownOutcomeException(
        schema, "close() reached its deadline before the verdict", null);
  }

  /** Returns the table that the row was sent to. */
  public String table() {
    return table;
  }
}
