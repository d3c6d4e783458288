package io.batchflow;

/** The four ends that a row can come to. */
public enum OutcomeStatus {
  /** Durable, as far as the backend promises it. */
  WRITTEN,
  /** Surely not applied: the row is at fault, or its batch could not be written. */
  REJECTED,
  /** Sent without a verdict: it may or may not be applied. */
  UNKNOWN,
  /** Never applied, as the flow closed, was full, or a deadline passed before it was sent. */
  NOT_SENT
}
