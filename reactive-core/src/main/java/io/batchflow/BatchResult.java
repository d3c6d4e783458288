package io.batchflow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a batch, as a {@link BatchWriter} reports it: the backend's count of affected rows
 * and, if the backend can tell, the rows that it rejected one by one. Every other row is written.
 * Immutable.
 */
public final class BatchResult {

  private final long affectedRows;
  private final Map<Integer, Throwable> rejected;
  private final List<RowVerdict> verdicts;
  private final List<Map<String, @Nullable Object>> values;

  private BatchResult(
      long affectedRows,
      Map<Integer, Throwable> rejected,
      List<RowVerdict> verdicts,
      List<Map<String, @Nullable Object>> values) {
    this.affectedRows = affectedRows;
    this.rejected = rejected;
    this.verdicts = verdicts;
    this.values = values;
  }

  /**
   * Returns the result of a batch that was written whole.
   *
   * @param affectedRows the backend's own count, for statistics only: its meaning differs between
   *     backends (MySQL counts an updated row twice)
   */
  public static BatchResult written(long affectedRows) {
    return new BatchResult(affectedRows, Map.of(), List.of(), List.of());
  }

  /**
   * Returns the result of a batch in which some rows failed individually and the others are
   * written.
   *
   * <p>The flow classifies each failure by {@link BatchWriter#failureClassifier()}. It rejects the
   * row on {@link FailureKind#DATA} and sends it again on {@link FailureKind#TRANSIENT}. On {@link
   * FailureKind#UNKNOWN} it sends the row again if that is harmless, else reports an unknown
   * outcome.
   *
   * @param affectedRows the backend's own count
   * @param rejected the failure of each failed row, by its position in {@link Batch#rows()}
   */
  public static BatchResult partly(long affectedRows, Map<Integer, ? extends Throwable> rejected) {
    return new BatchResult(affectedRows, Map.copyOf(rejected), List.of(), List.of());
  }

  /**
   * Returns this result with a verdict for each row, for a batch that {@linkplain
   * Batch#rowVerdicts() asks} for them.
   *
   * @param verdicts one for each row, in the order of {@link Batch#rows()}
   */
  public BatchResult withVerdicts(List<RowVerdict> verdicts) {
    return new BatchResult(affectedRows, rejected, List.copyOf(verdicts), values);
  }

  /**
   * Returns this result with the stored values of each row, for a batch that {@linkplain
   * Batch#returning() asks} for them.
   *
   * @param values the values by the columns of {@link Batch#returning()}, for each row in the order
   *     of {@link Batch#rows()}; empty for a row whose values are not known
   */
  public BatchResult withValues(List<Map<String, @Nullable Object>> values) {
    return new BatchResult(affectedRows, rejected, verdicts, List.copyOf(values));
  }

  /** Returns the number of affected rows as the backend counts them. */
  public long affectedRows() {
    return affectedRows;
  }

  /**
   * Returns the failure of each row that is not written, by its position in the batch;
   * unmodifiable.
   */
  public Map<Integer, Throwable> rejected() {
    return rejected;
  }

  /** Returns what each row did, in the order of the batch; empty if that is not known. */
  public List<RowVerdict> verdicts() {
    return verdicts;
  }

  /** Returns the stored values of each row, in the order of the batch; empty if none are known. */
  public List<Map<String, @Nullable Object>> values() {
    return values;
  }
}
