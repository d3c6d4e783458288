package io.batchflow.catalog;

import io.batchflow.spi.Printable;

/** A change of a catalog was refused. The catalog is as before. */
public abstract sealed class CatalogException extends RuntimeException
    permits CatalogConflictException,
        CatalogFullException,
        TableExistsException,
        TableMissingException {

  private final String table;

  CatalogException(String table, String message) {
    super(Printable.line(message), null, false, false);
    this.table = table;
  }

  /** Returns the name of the table. */
  public String table() {
    return table;
  }
}
