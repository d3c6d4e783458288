package io.batchflow;

/** What a failed write means for the batch that it carried. */
public enum FailureKind {
  /** Nothing was applied and a later try may well succeed: a deadlock, a full pool. */
  TRANSIENT,
  /** Nothing was applied because of some row's content: find the row, write the others. */
  DATA,
  /** Nothing was applied and no repeat will help: no such table, no permission. */
  PERMANENT,
  /** The batch was sent and the verdict was lost: it may be applied. */
  UNKNOWN
}
