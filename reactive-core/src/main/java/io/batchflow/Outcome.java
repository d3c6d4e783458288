package io.batchflow;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one element of a stream of rows. Immutable.
 *
 * @param <T> what was submitted: a {@link Row}, or an object of yours
 */
public final class Outcome<T> {

  private final T value;
  private final Row row;

  /** The error, or the write that carried the row. */
  private final Object end;

  private final long queuedNanos;

  private Outcome(T value, Row row, Object end, long queuedNanos) {
    this.value = value;
    this.row = row;
    this.end = end;
    this.queuedNanos = queuedNanos;
  }

  /**
   * Returns the outcome of a written element.
   *
   * @param value the submitted object
   * @param row its row
   * @param write what all rows of the write share
   * @param queuedNanos the nanoseconds from the submission to the sealing of the batch
   */
  public static <T> Outcome<T> written(
      T value, Row row, WriteResult.Write write, long queuedNanos) {
    return new Outcome<>(value, row, write, queuedNanos);
  }

  /**
   * Returns the outcome of a written row.
   *
   * @param row the submitted row
   * @param write what all rows of the write share
   * @param queuedNanos the nanoseconds from the submission to the sealing of the batch
   */
  public static Outcome<Row> written(Row row, WriteResult.Write write, long queuedNanos) {
    return written(row, row, write, queuedNanos);
  }

  /**
   * Returns the outcome of a written row, for your tests.
   *
   * @param row the submitted row
   */
  public static Outcome<Row> written(Row row, WriteResult result) {
    return written(row, row, result.write(), result.queued().toNanos());
  }

  /**
   * Returns the outcome of an element that was not written.
   *
   * @param value the submitted object
   * @param row its row
   */
  public static <T> Outcome<T> failed(T value, Row row, BatchFlowException error) {
    return new Outcome<>(value, row, error, 0);
  }

  /**
   * Returns the outcome of a row that was not written, for your tests.
   *
   * @param row the submitted row
   */
  public static Outcome<Row> failed(Row row, BatchFlowException error) {
    return failed(row, row, error);
  }

  /** Returns the same outcome for another submitted object, for your tests. */
  public <S> Outcome<S> withValue(S value) {
    return new Outcome<>(value, row, end, queuedNanos);
  }

  /** Returns the submitted object. */
  public T value() {
    return value;
  }

  /**
   * Returns the row: the submitted object itself, or what it was mapped to. If the mapping failed,
   * the row has only the columns that were set before.
   */
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
