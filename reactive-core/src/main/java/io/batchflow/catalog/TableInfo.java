package io.batchflow.catalog;

import java.time.Instant;

/**
 * A table of a catalog. Immutable. Only stores should construct it: components may be added.
 *
 * @param name the name of the table
 * @param status what may be done with it
 * @param settings its own settings, without the defaults of the catalog
 * @param generation the number of its last change. It grows with each change in the catalog, and
 *     may skip numbers
 * @param createdAt when it was created, by the clock of the process that did
 * @param changedAt when it was last changed, by the clock of the process that did
 */
public record TableInfo(
    String name,
    TableStatus status,
    TableSettings settings,
    long generation,
    Instant createdAt,
    Instant changedAt) {

  /** Returns this table with another status, for {@link TableCatalog#alter(TableInfo)}. */
  public TableInfo withStatus(TableStatus status) {
    return new TableInfo(name, status, settings, generation, createdAt, changedAt);
  }

  /** Returns this table with other settings, for {@link TableCatalog#alter(TableInfo)}. */
  public TableInfo withSettings(TableSettings settings) {
    return new TableInfo(name, status, settings, generation, createdAt, changedAt);
  }

  /** Returns this table as a store keeps it after a change. For stores. */
  public TableInfo withGeneration(long generation) {
    return new TableInfo(name, status, settings, generation, createdAt, changedAt);
  }

  TableInfo changedAt(Instant time) {
    return new TableInfo(name, status, settings, generation, createdAt, time);
  }
}
