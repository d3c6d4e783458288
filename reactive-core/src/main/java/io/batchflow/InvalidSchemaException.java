package io.batchflow;

/** A {@link Schema} that cannot be: thrown by its builder, before anything is submitted. */
public final class InvalidSchemaException extends BatchFlowException {

  /**
   * Creates the exception.
   *
   * @param table the table that the schema was to describe
   * @param problem what is wrong
   * @param remedy what to do
   */
  public InvalidSchemaException(String table, String problem, String remedy) {
    super(table, "Schema of table '" + table + "': " + problem + ". " + remedy + ".", null, true);
  }
}
