package io.batchflow.benchmarks.differential;

/** What tables may have beyond plain columns of fitting values. */
enum Feature {
  /** Values of classes near the column's own, and of any other class. */
  FOREIGN_VALUES,
  /** Keys that are equal to the database in several forms. */
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
  RULE
}
