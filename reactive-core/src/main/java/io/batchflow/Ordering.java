package io.batchflow;

/** The order in which the rows of one table are written. */
public enum Ordering {
  /** Rows with the same conflict key are written in the order of their submission. */
  PER_KEY,
  /** Rows are written in any order. */
  NONE
}
