package io.batchflow;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/** The outcome of one row of {@link BatchFlow#submitAll}. Immutable. */
public final class Outcome {

  private final Row row;

  /** The error, or the write that carried the row. */
  private final Object end;

  private final long queuedNanos;

  private Outcome(Row row, Object end, long queuedNanos) {
    this.row = row;
    this.end = end;
    this.queuedNanos = queuedNanos;
  }

  /**
   * Returns the outcome of a written row.
   *
   * @param row the submitted object
   * @param write what all rows of the write share
   * @param queuedNanos the nanoseconds from the submission to the sealing of the batch
   */
  public static Outcome written(Row row, WriteResult.Write write, long queuedNanos) {
    return new Outcome(row, write, queuedNanos);
  }

  /**
   * Returns the outcome of a written row, for your tests.
   *
   * @param row the submitted object
   */
  public static Outcome written(Row row, WriteResult result) {
    return new Outcome(row, result.write(), result.queued().toNanos());
  }

  /**
   * Returns the outcome of a row that was not written, for your tests.
   *
   * @param row the submitted object
   */
  public static Outcome failed(Row row, BatchFlowException error) {
    return new Outcome(row, error, 0);
  }

  /** Returns the row: the submitted object. */
  public Row row() {
    return row;
  }

  /** Returns the status of the row. */
  public OutcomeStatus status() {
    return end instanceof BatchFlowException error ? error.status() : OutcomeStatus.WRITTEN;
  }

  /** Returns whether the row is written. */
  public boolean isWritten() {
    return end instanceof WriteResult.Write;
  }

  /** Returns the details of a written row; null if it was not written. */
  public @Nullable WriteResult result() {
    return end instanceof WriteResult.Write write ? new WriteResult(write, queuedNanos) : null;
  }

  /** Returns why the row was not written; null if it was written. */
  public @Nullable BatchFlowException error() {
    return end instanceof BatchFlowException error ? error : null;
  }

  @Override
  public String toString() {
    return Printable.line("Outcome[table=" + row.schema().table() + ", status=" + status() + "]");
  }
}
