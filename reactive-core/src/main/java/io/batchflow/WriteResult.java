package io.batchflow;

import java.time.Duration;

/** What the caller of a written row is told of its journey. Immutable. */
public final class WriteResult {

  private final int batchSize;
  private final int attempts;
  private final long queuedNanos;
  private final long writeNanos;

  WriteResult(int batchSize, int attempts, long queuedNanos, long writeNanos) {
    this.batchSize = batchSize;
    this.attempts = attempts;
    this.queuedNanos = queuedNanos;
    this.writeNanos = writeNanos;
  }

  /** Returns the number of rows in the write that carried this row, after merging. */
  public int batchSize() {
    return batchSize;
  }

  /** Returns how often the row was sent: 1 where the first try succeeded. */
  public int attempts() {
    return attempts;
  }

  /** Returns the time from the submission to the sealing of the row's batch. */
  public Duration queued() {
    return Duration.ofNanos(queuedNanos);
  }

  /** Returns the time from the sealing of the row's batch to the verdict, retries included. */
  public Duration written() {
    return Duration.ofNanos(writeNanos);
  }

  @Override
  public String toString() {
    return "WriteResult[batchSize="
        + batchSize
        + ", attempts="
        + attempts
        + ", queued="
        + queued()
        + ", written="
        + written()
        + "]";
  }
}
