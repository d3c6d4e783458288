package io.batchflow.guard;

/** What a caller wants to do with a table. */
public enum Access {
  /** Read its rows or its statistics. */
  READ,
  /** Submit rows. */
  WRITE,
  /** Control it, or change its settings. */
  ADMIN
}
