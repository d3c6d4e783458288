package io.batchflow.catalog;

/** The table was changed, or dropped, since it was read. */
public final class CatalogConflictException extends CatalogException {

  private final long generation;

  CatalogConflictException(String table, long generation) {
    super(
        table,
        "Table '"
            + table
            + "' was changed or dropped since generation "
            + generation
            + " was read. Read it again, and decide whether the change still applies.");
    this.generation = generation;
  }

  /** Returns the generation on which the change was based. */
  public long generation() {
    return generation;
  }
}
