package io.batchflow.catalog;

/** The table was not created, as the catalog has one of this name. */
public final class TableExistsException extends CatalogException {

  TableExistsException(String table) {
    super(table, "Table '" + table + "' exists. Alter it, or use createIfAbsent.");
  }
}
