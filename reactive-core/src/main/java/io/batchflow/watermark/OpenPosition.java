package io.batchflow.watermark;

import io.batchflow.Outcome;
import io.batchflow.spi.Printable;

/**
 * The position of a record without an outcome. It can be the {@link io.batchflow.Row#tag(Object)
 * tag} of its row. Thread-safe.
 *
 * @param <P> what identifies a partition
 */
public final class OpenPosition<P> {

  private final Assignment<P> assignment;
  private final P partition;
  private final long position;

  OpenPosition(Assignment<P> assignment, P partition, long position) {
    this.assignment = assignment;
    this.partition = partition;
    this.position = position;
  }

  /** Returns the partition of the record. */
  public P partition() {
    return partition;
  }

  /** Returns the position of the record. */
  public long position() {
    return position;
  }

  /**
   * Lets the position pass: the row is durable, or the record is kept elsewhere, for example as a
   * dead letter. Has no effect if it has passed before, or if its assignment has ended.
   */
  public void pass() {
    assignment.pass(position);
  }

  /**
   * Lets the position pass if the row is written. Otherwise the position stays open: keep the
   * record first, and call {@link #pass()} after that.
   *
   * @return whether the row is written
   */
  public boolean passIfWritten(Outcome<?> outcome) {
    boolean written = outcome.isWritten();
    if (written) {
      pass();
    }
    return written;
  }

  @Override
  public String toString() {
    return Printable.line("OpenPosition[partition=" + partition + ", position=" + position + "]");
  }
}
