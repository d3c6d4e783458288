package io.batchflow.catalog;

/** The table was changed, or dropped, since it was read. */
public final class CatalogConflictException extends CatalogException {

  private final long generation;

  CatalogConflictException(TableInfo read) {
    super(
        read.name(),
        "Table '"
            + read.name()
            + "' was changed or dropped since generation "
            + read.generation()
            + " was read. Read it again, and decide whether the change still applies.");
    this.generation = read.generation();
  }

  /** Returns the generation on which the change was based. */
  public long generation() {
    return generation;
  }
}
