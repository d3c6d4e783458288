package io.batchflow.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A change of a catalog. Immutable.
 *
 * @param kind what happened
 * @param table the table: as it is now, or as it was before it was removed; null if the catalog
 *     could not be read
 * @param failure why the catalog could not be read; null if it could
 */
public record CatalogEvent(Kind kind, @Nullable TableInfo table, @Nullable Throwable failure) {

  /** What happened. */
  public enum Kind {
    /** The table was created, or exists when the stream begins. */
    ADDED,
    /** The status or the settings of the table changed. */
    CHANGED,
    /** The table was dropped. */
    REMOVED,
    /** The catalog could not be read. The stream goes on, and tells what was missed. */
    FAILED
  }

  static CatalogEvent of(Kind kind, TableInfo table) {
    return new CatalogEvent(kind, table, null);
  }

  static CatalogEvent failed(Throwable failure) {
    return new CatalogEvent(Kind.FAILED, null, failure);
  }
}
