package io.batchflow;

/** The possible outcomes of a row. */
public enum OutcomeStatus {
  /**
   * The row is durable, by the backend's own promise. In a transaction of the caller's, it is once
   * the caller has committed.
   */
  WRITTEN,
  /** The row is not applied: the backend rejected it, or its batch could not be written. */
  REJECTED,
  /**
   * The row cannot be sent, by a check of this library or of the driver: it does not fit its {@link
   * Schema}, or a value cannot be read or encoded. It is not applied.
   */
  INVALID,
  /** The row was sent and its result was lost: it may or may not be applied. */
  UNKNOWN,
  /** The row was not sent: the flow was closed or full, or a deadline passed. It is not applied. */
  NOT_SENT
}
