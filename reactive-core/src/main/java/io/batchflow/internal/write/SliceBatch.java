package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Request;
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
 * The batch of those rows of a {@link BatchSlice} that have no end yet, and which of its requests
 * carries which row: rows of one key are merged into one. Immutable.
 */
final class SliceBatch {

  /** Of a row that no request carries, as it has an end. */
  static final int LEFT_OUT = -1;

  private final Submission[] rows;
  private final int from;
  private final int to;
  private final int[] requestOf;
  private final int liveRows;
  private final @Nullable Batch batch;

  private SliceBatch(
      Submission[] rows, int from, int[] requestOf, int liveRows, @Nullable Batch batch) {
    this.rows = rows;
    this.from = from;
    this.to = from + requestOf.length;
    this.requestOf = requestOf;
    this.liveRows = liveRows;
    this.batch = batch;
  }

  /** Assembles it of a range of sorted rows. */
  static SliceBatch of(InFlightBatch delivery, KeyedRows<Submission> sorted, int from, int to) {
    Submission[] rows = sorted.rows;
    List<Request> requests = new ArrayList<>(to - from);
    int[] requestOf = new int[to - from];
    int liveRows = 0;
    int last = LEFT_OUT;
    for (int i = from; i < to; i++) {
      Submission row = rows[i];
      if (row.hasEnded()) {
        requestOf[i - from] = LEFT_OUT;
        continue;
      }
      int index = requests.size() - 1;
      if (last != LEFT_OUT && sorted.merge(last, i)) {
        requests.set(index, requests.get(index).mergedWith(row.request));
      } else {
        requests.add(row.request);
        index++;
      }
      requestOf[i - from] = index;
      liveRows++;
      last = i;
    }
    Batch batch =
        requests.isEmpty()
            ? null
            : Batch.assembled(
                delivery.schema(),
                requests,
                delivery.lane().policy.rowVerdicts(),
                sorted.equality,
                sorted.areDistinct());
    return new SliceBatch(rows, from, requestOf, liveRows, batch);
  }

  /** Returns the batch; null if every row has an end. */
  @Nullable Batch batch() {
    return batch;
  }

  /** Returns how many rows the batch carries, before merging. */
  int liveRows() {
    return liveRows;
  }

  /** Returns the position in the batch of the request that carries a row, or -1 if none does. */
  int requestOf(int row) {
    return requestOf[row - from];
  }

  /** Returns whether a request stands for several rows. */
  boolean isShared(int request) {
    return Arrays.stream(requestOf).filter(of -> of == request).limit(2).count() > 1;
  }

  /** Returns the Contexts of those whose rows the batch carries. */
  Stream<ContextView> contexts() {
    return IntStream.range(from, to)
        .filter(row -> requestOf(row) != LEFT_OUT)
        .mapToObj(row -> rows[row].caller())
        .distinct()
        .map(CoreSubscriber::currentContext);
  }

  /**
   * Returns what a row of the batch did, of which the carrier of a shared request has the backend's
   * word: the first where the strategy keeps the first, else the last.
   *
   * @param ambiguous whether an earlier attempt may have been applied
   */
  RowVerdict verdictOf(int row, List<RowVerdict> verdicts, boolean ambiguous) {
    boolean keepsFirst = rows[row].request.schema().onConflict() == ConflictStrategy.IGNORE;
    int step = keepsFirst ? -1 : 1;
    int next = row + step;
    while (next >= from && next < to && requestOf(next) == LEFT_OUT) {
      next += step;
    }
    if (next >= from && next < to && requestOf(next) == requestOf(row)) {
      return keepsFirst ? RowVerdict.IGNORED : RowVerdict.MERGED;
    }
    RowVerdict told = verdicts.isEmpty() ? RowVerdict.WRITTEN : verdicts.get(requestOf(row));
    // What was there may be this very row, by an attempt whose verdict was lost.
    return ambiguous && told != RowVerdict.INSERTED ? RowVerdict.WRITTEN : told;
  }
}
