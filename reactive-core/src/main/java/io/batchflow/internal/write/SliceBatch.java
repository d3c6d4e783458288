package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.internal.key.KeyedRows;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.ContextView;

/**
 * The batch of those rows of a {@link BatchSlice} that have no end yet, and which of them carries
 * which row: rows of one key are merged into one. Immutable.
 */
final class SliceBatch {

  /** Of a row that the batch does not carry, as it has an end. */
  static final int LEFT_OUT = -1;

  private final Submission[] rows;
  private final int from;
  private final int to;
  private final int[] indexInBatch;
  private final int liveRows;
  private final @Nullable Batch batch;

  private SliceBatch(
      Submission[] rows, int from, int[] indexInBatch, int liveRows, @Nullable Batch batch) {
    this.rows = rows;
    this.from = from;
    this.to = from + indexInBatch.length;
    this.indexInBatch = indexInBatch;
    this.liveRows = liveRows;
    this.batch = batch;
  }

  /** Assembles it of a range of sorted rows. */
  static SliceBatch of(InFlightBatch delivery, KeyedRows<Submission> sorted, int from, int to) {
    Submission[] rows = sorted.rows;
    List<Row> merged = new ArrayList<>(to - from);
    int[] indexInBatch = new int[to - from];
    int liveRows = 0;
    int last = LEFT_OUT;
    for (int i = from; i < to; i++) {
      Submission submission = rows[i];
      if (submission.hasEnded()) {
        indexInBatch[i - from] = LEFT_OUT;
        continue;
      }
      int index = merged.size() - 1;
      if (last != LEFT_OUT && sorted.merge(last, i)) {
        merged.set(index, merged.get(index).mergedWith(submission.row));
      } else {
        merged.add(submission.row);
        index++;
      }
      indexInBatch[i - from] = index;
      liveRows++;
      last = i;
    }
    Batch batch =
        merged.isEmpty()
            ? null
            : Batch.assembled(
                delivery.schema(),
                merged,
                delivery.lane().policy.rowVerdicts(),
                sorted.equality,
                sorted.areDistinct());
    return new SliceBatch(rows, from, indexInBatch, liveRows, batch);
  }

  /** Returns the batch; null if every row has an end. */
  @Nullable Batch batch() {
    return batch;
  }

  /** Returns how many rows the batch carries, before merging. */
  int liveRows() {
    return liveRows;
  }

  /**
   * Returns the position in the batch of a row, or of the one that it was merged into; -1 if it is
   * left out.
   */
  int indexInBatch(int row) {
    return indexInBatch[row - from];
  }

  /** Returns whether several rows were merged into the one at a position of the batch. */
  boolean isShared(int index) {
    return Arrays.stream(indexInBatch).filter(of -> of == index).limit(2).count() > 1;
  }

  /** Returns the Contexts of those whose rows the batch carries. */
  Stream<ContextView> contexts() {
    return IntStream.range(from, to)
        .filter(row -> indexInBatch(row) != LEFT_OUT)
        .mapToObj(row -> rows[row].caller())
        .distinct()
        .map(CoreSubscriber::currentContext);
  }

  /**
   * Returns what a row of the batch did, of which, among merged rows, one has the backend's word:
   * the first where the strategy keeps the first, else the last.
   *
   * @param ambiguous whether an earlier attempt may have been applied
   */
  RowVerdict verdictOf(int row, List<RowVerdict> verdicts, boolean ambiguous) {
    boolean keepsFirst = rows[row].row.schema().onConflict() == ConflictStrategy.IGNORE;
    int step = keepsFirst ? -1 : 1;
    int next = row + step;
    while (next >= from && next < to && indexInBatch(next) == LEFT_OUT) {
      next += step;
    }
    if (next >= from && next < to && indexInBatch(next) == indexInBatch(row)) {
      return keepsFirst ? RowVerdict.IGNORED : RowVerdict.MERGED;
    }
    RowVerdict told = verdicts.isEmpty() ? RowVerdict.WRITTEN : verdicts.get(indexInBatch(row));
    // What was there may be this very row, by an attempt whose verdict was lost.
    return ambiguous && told != RowVerdict.INSERTED ? RowVerdict.WRITTEN : told;
  }
}
