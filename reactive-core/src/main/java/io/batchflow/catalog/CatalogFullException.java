package io.batchflow.catalog;

/** The catalog has as many tables as it may have. */
public final class CatalogFullException extends CatalogException {

  private final int maxTables;

  /**
   * Creates the exception, for stores.
   *
   * @param table the table that was not created
   * @param maxTables the bound that was reached
   */
  public CatalogFullException(String table, int maxTables) {
    super(
        table,
        "Table '"
            + table
            + "' was not created, as the catalog has "
            + maxTables
            + " tables. Drop some, or raise maxTables.");
    this.maxTables = maxTables;
  }

  /** Returns the most tables that the catalog may have. */
  public int maxTables() {
    return maxTables;
  }
}
