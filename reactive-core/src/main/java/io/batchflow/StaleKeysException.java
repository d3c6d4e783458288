package io.batchflow;

/**
 * A {@link BatchWriter} signals this instead of writing a batch whose {@link KeyEquality} is out of
 * date, for example after a change of the table. Nothing was sent. The flow asks for the current
 * rule and builds the batch again.
 */
public final class StaleKeysException extends RuntimeException {

  /** Creates the exception. */
  public StaleKeysException(Schema schema) {
    super(
        "A batch for table '"
            + schema.table()
            + "' was merged by a rule for comparing keys that is out of date",
        null,
        false,
        false);
  }
}
