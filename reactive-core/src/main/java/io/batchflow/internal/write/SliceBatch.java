package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.WriteResult;
import io.batchflow.internal.key.KeyedRows;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import io.batchflow.spi.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.ContextView;

/**
 * The batch of the rows of a {@link BatchSlice} without an outcome, and the position of each row in
 * it. Rows of the same key are merged. Immutable.
 */
final class SliceBatch {

  /** The index of a row that is not in the batch, because it has ended. */
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

  /** Builds the batch from a range of sorted rows. */
  static SliceBatch of(InFlightBatch inFlight, KeyedRows<Submission> sorted, int from, int to) {
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
                    inFlight.schema(),
                    merged,
                    inFlight.lane().policy.rowVerdicts(),
                    sorted.equality,
                    sorted.areDistinct())
                .returning(
                    inFlight.lane().policy.returning(inFlight.schema()),
                    inFlight.lane().policy.returningExisting());
    return new SliceBatch(rows, from, indexInBatch, liveRows, batch);
  }

  /** Returns the batch; null if every row has ended. */
  @Nullable Batch batch() {
    return batch;
  }

  /** Returns how many rows the batch holds, before merging. */
  int liveRows() {
    return liveRows;
  }

  /**
   * Returns the position in the batch of a row, or of the row that it was merged into; -1 if it is
   * left out.
   */
  int indexInBatch(int row) {
    return indexInBatch[row - from];
  }

  /** Returns whether the row at a position of the batch is merged from several rows. */
  boolean isShared(int index) {
    return Arrays.stream(indexInBatch).filter(of -> of == index).limit(2).count() > 1;
  }

  /** Returns the Contexts of the callers of the rows in the batch. */
  Stream<ContextView> contexts() {
    return IntStream.range(from, to)
        .filter(row -> indexInBatch(row) != LEFT_OUT)
        .mapToObj(row -> originOf(rows[row]))
        .distinct()
        .flatMap(
            origin ->
                origin instanceof Origin own
                    ? own.contexts()
                    : Stream.of(((CoreSubscriber<?>) origin).currentContext()));
  }

  private static Object originOf(Submission submission) {
    return submission.row.tag() instanceof Origin own ? own : submission.caller();
  }

  /**
   * Returns the details of a row.
   *
   * @param shared what all rows of the batch share
   * @param ambiguous whether an earlier attempt may have been applied
   */
  WriteResult.Write detailsOf(
      int row, WriteResult.Write shared, BatchResult result, boolean ambiguous) {
    WriteResult.Write own =
        result.values().isEmpty() ? shared : shared.with(valuesOf(row, result, ambiguous));
    return batch != null && batch.rowVerdicts()
        ? own.with(verdictOf(row, result.verdicts(), ambiguous))
        : own;
  }

  /**
   * Returns the stored values of a row. They are null if it was ignored, unless those of the
   * existing row are asked for: for an earlier row of its batch, or for a row of the table, which
   * may be this row from an attempt whose result was lost.
   */
  private Map<String, @Nullable Object> valuesOf(int row, BatchResult result, boolean ambiguous) {
    Map<String, @Nullable Object> stored = result.values().get(indexInBatch(row));
    boolean existing = batch != null && batch.returningExisting();
    if (!existing && keepsFirst(row) && yields(row)) {
      Map<String, @Nullable Object> none = new HashMap<>(stored);
      none.replaceAll((column, value) -> null);
      return none;
    }
    return ambiguous && stored.values().stream().allMatch(Objects::isNull) ? Map.of() : stored;
  }

  private boolean keepsFirst(int row) {
    return rows[row].row.schema().onConflict() == ConflictStrategy.IGNORE;
  }

  /** Returns whether another row of the batch stands for a merged row, by the strategy. */
  private boolean yields(int row) {
    int step = keepsFirst(row) ? -1 : 1;
    int next = row + step;
    while (next >= from && next < to && indexInBatch(next) == LEFT_OUT) {
      next += step;
    }
    return next >= from && next < to && indexInBatch(next) == indexInBatch(row);
  }

  /**
   * Returns the verdict of a row. Of merged rows, only one gets the backend's verdict: the first if
   * the strategy keeps the first, else the last.
   *
   * @param ambiguous whether an earlier attempt may have been applied
   */
  private RowVerdict verdictOf(int row, List<RowVerdict> verdicts, boolean ambiguous) {
    if (yields(row)) {
      return keepsFirst(row) ? RowVerdict.IGNORED : RowVerdict.MERGED;
    }
    RowVerdict told = verdicts.isEmpty() ? RowVerdict.WRITTEN : verdicts.get(indexInBatch(row));
    // The existing row may be this row, from an attempt whose result was lost.
    return ambiguous && told != RowVerdict.INSERTED ? RowVerdict.WRITTEN : told;
  }
}
