package io.batchflow;

/** What a failed write means for its batch. */
public enum FailureKind {
  /**
   * Nothing was applied, a retry may succeed, and no row is the cause: a full pool, a server that
   * is starting. If retries do not help, the batch fails.
   */
  TRANSIENT,
  /**
   * Nothing was applied because of another session, a limit or the state of the server: a deadlock,
   * a lock timeout, a statement timeout, a code for a full disk that a trigger may raise too.
   * Retried like {@link #TRANSIENT}. If retries do not help, one row may be the cause: the flow
   * searches for it and writes the others.
   */
  CONTENTION,
  /**
   * Nothing was applied because of a row's content. The flow searches for the row and writes the
   * others.
   */
  DATA,
  /**
   * Nothing was sent, because a row cannot be sent: no column is set, or the driver cannot encode a
   * value. Treated like {@link #DATA}; the row ends with {@link InvalidRowException}.
   */
  INVALID,
  /**
   * Nothing was applied and a retry will not help: no permission, no such function. One row may be
   * the cause, since an error raised by a trigger or a policy can have the same code. The flow
   * therefore fails a batch of several rows only after rows have failed alone.
   */
  PERMANENT,
  /**
   * Nothing was applied, a retry will not help, and no row is the cause: the table does not exist,
   * or the server refuses this user. The batch fails at once.
   */
  UNUSABLE,
  /** The batch was sent and its result was lost: it may be applied. */
  UNKNOWN;

  /** Returns whether a row is the cause: {@link #DATA} or {@link #INVALID}. */
  public boolean isOfRow() {
    return this == DATA || this == INVALID;
  }
}
