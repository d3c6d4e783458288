package io.batchflow;

/**
 * What a {@link BatchWriter} signals instead of writing a batch that was {@linkplain
 * Batch#isDistinct() merged} by another {@link KeyEquality} than the one that holds now, as after a
 * change of the table. Nothing was sent. The flow asks for the rule and makes the batch anew.
 */
public final class StaleKeysException extends RuntimeException {

  /** Creates the exception. */
  public StaleKeysException(Schema schema) {
    super(
        "A batch for table '"
            + schema.table()
            + "' was merged by another rule than the table's keys are compared by now",
        null,
        false,
        false);
  }
}
