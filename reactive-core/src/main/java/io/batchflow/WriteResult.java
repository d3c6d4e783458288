package io.batchflow;

import io.batchflow.spi.Printable;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The details of a written row. Immutable. */
public final class WriteResult {

  /**
   * The details that all rows of one write share.
   *
   * @param batchSize the number of rows in the write, after merging
   * @param attempts how often the batch was sent
   * @param nanos the nanoseconds from the sealing of the batch to its result
   * @param verdict what each row did to the table
   * @param values the stored values of the columns that were asked for
   */
  public record Write(
      int batchSize,
      int attempts,
      long nanos,
      RowVerdict verdict,
      Map<String, @Nullable Object> values) {

    /** Creates the details without stored values. */
    public Write(int batchSize, int attempts, long nanos, RowVerdict verdict) {
      this(batchSize, attempts, nanos, verdict, Map.of());
    }

    /** Returns the same details with another verdict. */
    public Write with(RowVerdict verdict) {
      return new Write(batchSize, attempts, nanos, verdict, values);
    }

    /** Returns the same details with the stored values of a row. */
    public Write with(Map<String, @Nullable Object> values) {
      return new Write(batchSize, attempts, nanos, verdict, values);
    }
  }

  private final Write write;
  private final long queuedNanos;

  /**
   * Creates the result of one row of a write. In your tests, use {@link #of}.
   *
   * @param write what all rows of the write share
   * @param queuedNanos the nanoseconds from the submission to the sealing of the batch
   */
  public WriteResult(Write write, long queuedNanos) {
    this.write = write;
    this.queuedNanos = queuedNanos;
  }

  /**
   * Returns a result, for your tests.
   *
   * @param batchSize the number of rows in the write
   * @param attempts how often the row was sent
   * @param verdict what the row did to the table
   * @param queued the time from the submission to the sealing of the batch
   * @param written the time from the sealing to the result
   */
  public static WriteResult of(
      int batchSize, int attempts, RowVerdict verdict, Duration queued, Duration written) {
    Write write = new Write(batchSize, attempts, written.toNanos(), verdict);
    return new WriteResult(write, queued.toNanos());
  }

  /** Returns what all rows of the write share. */
  Write write() {
    return write;
  }

  /** Returns the number of rows in the write that carried this row, after merging. */
  public int batchSize() {
    return write.batchSize;
  }

  /**
   * Returns what the row did to the table. Always {@link RowVerdict#WRITTEN} unless {@link
   * BatchPolicy.Builder#rowVerdicts} asks for more and the backend can tell.
   */
  public RowVerdict verdict() {
    return write.verdict;
  }

  /**
   * Returns what the database stored in a column of {@link BatchPolicy.Builder#returning}, in the
   * type of the driver. Null if the row was ignored, as nothing was stored then, unless {@link
   * BatchPolicy.Builder#returningExisting} asks for the existing row.
   *
   * @throws IllegalStateException unless it {@linkplain #isKnown is known}: nobody asked for the
   *     column, the writer cannot return values, a trigger dropped a row of the batch, or the row
   *     exists but may be this one, from an attempt whose result was lost
   */
  public @Nullable Object value(String column) {
    if (!isKnown(column)) {
      throw new IllegalStateException(
          Printable.line("The stored value of column '" + column + "' is not known"));
    }
    return write.values.get(column);
  }

  /** Returns whether {@link #value} knows what the database stored in a column. */
  public boolean isKnown(String column) {
    return write.values.containsKey(column);
  }

  /** Returns how often the row was sent; 1 if the first attempt succeeded. */
  public int attempts() {
    return write.attempts;
  }

  /** Returns the time from the submission to the sealing of the row's batch. */
  public Duration queued() {
    return Duration.ofNanos(queuedNanos);
  }

  /** Returns the time from the sealing of the row's batch to its result, retries included. */
  public Duration written() {
    return Duration.ofNanos(write.nanos);
  }

  @Override
  public String toString() {
    return "WriteResult[verdict="
        + verdict()
        + ", batchSize="
        + batchSize()
        + ", attempts="
        + attempts()
        + ", queued="
        + queued()
        + ", written="
        + written()
        + "]";
  }
}
