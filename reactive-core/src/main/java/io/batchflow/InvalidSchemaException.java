package io.batchflow;

/** A {@link Schema} that cannot be: thrown by its builder, before anything is submitted. */
public final class InvalidSchemaException extends BatchFlowException {

  private final String table;

  InvalidSchemaException(String table, String problem, String remedy) {
    super("Schema of table '" + table + "': " + problem + ". " + remedy + ".", null, true);
    this.table = table;
  }

  /** Returns the table that the schema was to describe. */
  public String table() {
    return table;
  }
}
