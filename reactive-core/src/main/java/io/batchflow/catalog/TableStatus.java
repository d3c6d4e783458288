package io.batchflow.catalog;

/** What may be done with a table of a catalog. */
public enum TableStatus {
  /** Rows are accepted and written. */
  ACTIVE,
  /** Rows are accepted and held, until the table is active again. */
  PAUSED,
  /** Rows that were accepted are written, and new ones are turned away. */
  DRAINING,
  /** The table is kept, and takes no rows. */
  ARCHIVED,
  /** The table is about to be dropped, and takes no rows. */
  DELETING
}
