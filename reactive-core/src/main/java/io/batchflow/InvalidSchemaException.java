package io.batchflow;

/** A {@link Schema} is invalid. Thrown by its builder. */
public final class InvalidSchemaException extends BatchFlowException {

  /**
   * Creates the exception.
   *
   * @param table the table of the schema
   * @param problem what is wrong
   * @param remedy what to do
   */
  public InvalidSchemaException(String table, String problem, String remedy) {
    super(table, "Schema of table '" + table + "': " + problem + ". " + remedy + ".", null, true);
  }

  /** Returns {@link OutcomeStatus#INVALID}: nothing was sent. */
  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.INVALID;
  }
}
