package io.batchflow.benchmarks.differential;

/** The features of tables beyond plain columns with fitting values. */
enum Feature {
  /** Values of classes similar to the column's own, and of any other class. */
  FOREIGN_VALUES,
  /** Keys in several forms that are equal to the database. */
  NEAR_KEYS,
  DEFAULTS,
  NOT_NULL,
  CHECK,
  SECOND_KEY,
  FOREIGN_KEY,
  GENERATED,
  TRIGGER_RAISES,
  TRIGGER_CHANGES,
  TRIGGER_DROPS,
  RULE,
  /** A key that the database generates for some rows, and that others set. */
  GENERATED_KEY,
  /** A key that only some rows have, by a partial index. */
  PARTIAL_KEY,
  /** Rows that delete their keys. */
  DELETES,
  /** Rows that only update those that exist. */
  UPDATE_ONLY
}
