package io.batchflow;

/** What a failed write means for the batch that it carried. */
public enum FailureKind {
  /**
   * Nothing was applied, a later try may well succeed, and no row is to blame: a full pool, a full
   * disk, a server that is starting. If it lasts, the batch fails.
   */
  TRANSIENT,
  /**
   * Nothing was applied, as the statement met another session or ran out of time: a deadlock, a
   * lock that was not given back, a statement timeout. Tried again as {@link #TRANSIENT} is. If it
   * lasts, one row may be the cause: the flow looks for it, and writes the others.
   */
  CONTENTION,
  /** Nothing was applied because of some row's content: find the row, write the others. */
  DATA,
  /**
   * Nothing was applied and no repeat will help: no permission, no such function. One row may be
   * the cause, as a trigger's or a policy's error has the code of a broken statement; so the flow
   * believes it of a batch of several rows only once rows have failed alone.
   */
  PERMANENT,
  /**
   * Nothing was applied, no repeat will help, and no row is to blame: the writer has seen that
   * there is no such table, or the server refuses this user. The batch fails at once.
   */
  UNUSABLE,
  /** The batch was sent and the verdict was lost: it may be applied. */
  UNKNOWN
}
