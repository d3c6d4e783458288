package io.batchflow;

/** Why a window closed and became a batch. */
public enum SealReason {
  /** It held {@link BatchPolicy#maxSize()} rows. */
  ROWS,
  /** It held {@link BatchPolicy#maxBytes()} bytes. */
  BYTES,
  /** Its oldest row was {@link BatchPolicy#maxDelay()} old. */
  AGE,
  /** No batch of its table was in flight, a slot was free, and a busy table was not held. */
  IDLE,
  /** The flow was full, and other rows waited for room. */
  PRESSURE,
  /** {@link BatchFlow#flush()} asked for it. */
  FLUSH,
  /** {@link BatchFlow#close()} asked for it. */
  CLOSE
}
