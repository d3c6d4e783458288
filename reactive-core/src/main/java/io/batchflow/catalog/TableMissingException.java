package io.batchflow.catalog;

/** The catalog has no table of this name. */
public final class TableMissingException extends CatalogException {

  TableMissingException(String table) {
    super(table, "The catalog has no table '" + table + "'. Create it first.");
  }
}
