package io.batchflow;

import java.util.List;
import java.util.Map;

/**
 * What a {@link BatchWriter} reports of a batch: how many rows the backend says it touched and,
 * where the backend can tell, which rows it rejected one by one. Every row that is not rejected is
 * written. Immutable.
 */
public final class BatchResult {

  private final long affectedRows;
  private final Map<Integer, Throwable> rejected;
  private final List<RowVerdict> verdicts;

  private BatchResult(
      long affectedRows, Map<Integer, Throwable> rejected, List<RowVerdict> verdicts) {
    this.affectedRows = affectedRows;
    this.rejected = rejected;
    this.verdicts = verdicts;
  }

  /**
   * Returns the result of a batch that was written whole.
   *
   * @param affectedRows the backend's own count; its meaning differs between backends (MySQL counts
   *     an updated row twice), so it serves statistics and nothing else
   */
  public static BatchResult written(long affectedRows) {
    return new BatchResult(affectedRows, Map.of(), List.of());
  }

  /**
   * Returns the result of a batch of which some rows failed by themselves and the others are
   * written.
   *
   * <p>The flow asks {@link BatchWriter#failureClassifier()} about each failure: the row is
   * rejected where it is {@link FailureKind#DATA}, sent again where it is {@link
   * FailureKind#TRANSIENT}, and reported as unknown, or sent again where that is harmless, where it
   * is {@link FailureKind#UNKNOWN}.
   *
   * @param affectedRows the backend's own count
   * @param rejected the failure of each such row, by its position in {@link Batch#rows()}
   */
  public static BatchResult partly(long affectedRows, Map<Integer, ? extends Throwable> rejected) {
    return new BatchResult(affectedRows, Map.copyOf(rejected), List.of());
  }

  /**
   * Returns this result with what each row did, for a batch that {@linkplain Batch#rowVerdicts()
   * asks} for it.
   *
   * @param verdicts one for each of {@link Batch#rows()}, in their order
   */
  public BatchResult withVerdicts(List<RowVerdict> verdicts) {
    return new BatchResult(affectedRows, rejected, List.copyOf(verdicts));
  }

  /** Returns the number of rows that the backend says it touched. */
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

  /** Returns what each row did, in the order of the batch; empty where that is not known. */
  public List<RowVerdict> verdicts() {
    return verdicts;
  }
}
