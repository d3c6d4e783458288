package io.batchflow.catalog;

import java.util.List;

/**
 * Tables of a catalog. Immutable.
 *
 * @param tables those that match, by name
 * @param total how many tables the catalog has
 */
public record TableList(List<TableInfo> tables, int total) {

  /** Copies the list. */
  public TableList {
    tables = List.copyOf(tables);
  }
}
