package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriteException;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.RowExpiredException;
import io.batchflow.RowRejectedException;
import io.batchflow.RowVerdict;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import io.batchflow.internal.key.KeyedRows;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A range of a delivery's rows that is written as one batch: the whole of it at first, a half after
 * a split. Rows of one key are merged, rows past their deadline left out. Used by one attempt after
 * the other, never by two at once.
 */
final class BatchSlice {

  final InFlightBatch delivery;
  final int from;
  final int to;

  /** When the first attempt began. */
  long startedAt;

  /** How often it was sent. */
  int attempts;

  /** Whether an attempt may have been applied without our knowing. */
  boolean ambiguous;

  /** Whether it comes of a batch that met {@link FailureKind#CONTENTION} to its last attempt. */
  boolean lasting;

  /** The attempt that may still be applied, as far as is known. */
  LostWrites.@Nullable LostWrite lost;

  /** Whether an attempt may be applied at any later time, so that no row of it is repeated. */
  boolean mayComeLate;

  private final KeyedRows<Submission> sorted;
  private final Submission[] rows;

  private boolean stale = true;
  private @Nullable SliceBatch carried;
  private @Nullable Batch batch;

  /** The position in the batch of the row that was last ended as written. */
  private int lastWritten = SliceBatch.LEFT_OUT;

  BatchSlice(InFlightBatch delivery, KeyedRows<Submission> sorted, int from, int to) {
    this.delivery = delivery;
    this.sorted = sorted;
    this.rows = sorted.rows;
    this.from = from;
    this.to = to;
  }

  /** Returns all rows of a delivery, as a rule sorts them. */
  static BatchSlice whole(InFlightBatch delivery, KeyEquality equality) {
    return sorted(delivery, equality, delivery.rows());
  }

  /** Returns those of a delivery's rows, as another rule sorts them. */
  static BatchSlice anew(InFlightBatch delivery, KeyEquality equality, Set<Submission> some) {
    Submission[] left =
        Stream.of(delivery.rows()).filter(some::contains).toArray(Submission[]::new);
    return sorted(delivery, equality, left);
  }

  private static BatchSlice sorted(
      InFlightBatch delivery, KeyEquality equality, Submission[] rows) {
    KeyedRows<Submission> sorted = KeyedRows.of(equality, rows, submission -> submission.row);
    return new BatchSlice(delivery, sorted, 0, rows.length);
  }

  /** Prepares the next attempt. Returns its batch; null if no row is left to send. */
  @Nullable Batch prepare(long now) {
    stale |= dropExpired(now);
    refresh();
    batch = batchOn(attempts + 1);
    return batch;
  }

  /** Returns the batch that ends, if this slice was never sent itself; null if no row is left. */
  @Nullable Batch unsent() {
    if (stale) {
      refresh();
      batch = batchOn(attempts);
    }
    return batch;
  }

  private void refresh() {
    if (stale) {
      carried = SliceBatch.of(delivery, sorted, from, to);
      lastWritten = SliceBatch.LEFT_OUT;
      stale = false;
    }
  }

  private @Nullable Batch batchOn(int attempt) {
    SliceBatch assembled = carried();
    Batch rowsLeft = assembled.batch();
    return rowsLeft == null ? null : rowsLeft.on(attempt, assembled::contexts);
  }

  private SliceBatch carried() {
    return Objects.requireNonNull(carried, "carried");
  }

  /** Has the next attempt carry only the rows that have no end yet. */
  void reassemble() {
    stale = true;
  }

  private boolean dropExpired(long now) {
    Lane lane = delivery.lane();
    boolean dropped = false;
    for (int i = from; lane.expires() && i < to; i++) {
      Submission row = rows[i];
      if (!row.hasEnded() && lane.isExpired(row, now)) {
        row.end(expiry(lane));
        dropped = true;
      }
    }
    return dropped;
  }

  private BatchFlowException expiry(Lane lane) {
    RowExpiredException expired = lane.expiry();
    return ambiguous ? UnknownOutcomeException.noVerdict(lane.schema.table(), expired) : expired;
  }

  /** Returns the rule that its rows are merged by. */
  KeyEquality equality() {
    return sorted.equality;
  }

  /** Whether its rows may be one row to the backend, so that they must be written in order. */
  boolean keepsOrder() {
    return sorted.keepOrder();
  }

  /** Returns the rows that have no end yet. */
  Stream<Submission> open() {
    return IntStream.range(from, to).mapToObj(i -> rows[i]).filter(row -> !row.hasEnded());
  }

  /** Whether all rows ended before they could be sent. */
  boolean isEmpty() {
    return batch == null;
  }

  Batch batch() {
    return Objects.requireNonNull(batch, "batch");
  }

  /** Whether its batch carries every row of the delivery, each by itself and for the same end. */
  boolean isWhole() {
    return batch().size() == delivery.size() && !batch().rowVerdicts();
  }

  /**
   * Returns the position in the batch of a row, or of the one that it was merged into; -1 if none.
   */
  int indexInBatch(int row) {
    return carried().indexInBatch(row);
  }

  /** Returns whether several rows were merged into the one at a position of the batch. */
  boolean isShared(int index) {
    return carried().isShared(index);
  }

  /** Returns how many rows the batch carries, before merging. */
  int liveRows() {
    return carried == null ? 0 : carried.liveRows();
  }

  /** Returns the time since the first attempt. */
  Duration took(long now) {
    return Duration.ofNanos(Math.max(0, now - startedAt));
  }

  /** Returns what the rows that were written just now have in common. */
  WriteResult.Write write(long now) {
    long nanos = Math.max(0, now - delivery.sealedAt);
    return new WriteResult.Write(batch().size(), attempts, nanos, RowVerdict.WRITTEN);
  }

  /** Ends a row that was written, unless it has an end; one that travelled in another is merged. */
  void end(int row, WriteResult.Write write, BatchResult result) {
    int index = indexInBatch(row);
    if (index == lastWritten) {
      delivery.merged(1);
    }
    lastWritten = index;
    rows[row].end(
        batch().rowVerdicts()
            ? write.with(carried().verdictOf(row, result.verdicts(), ambiguous))
            : write);
  }

  /** Ends a row that was not written, unless it has an end. */
  void end(int row, WriteFailure failure) {
    rows[row].end(errorOf(failure));
  }

  /**
   * Returns what callers are told of a failure. What is rejected now may have been applied by an
   * earlier attempt whose verdict was lost.
   */
  BatchFlowException errorOf(WriteFailure failure) {
    String table = delivery.schema().table();
    if (ambiguous || failure.kind() == FailureKind.UNKNOWN) {
      return UnknownOutcomeException.noVerdict(table, failure.reason());
    }
    boolean own =
        failure.kind() == FailureKind.DATA
            || (failure.kind() == FailureKind.PERMANENT && delivery.rowsToBlame());
    return own
        ? new RowRejectedException(table, attempts, failure.reason())
        : new BatchWriteException(table, batch().size(), attempts, failure.reason());
  }

  /**
   * Whether a row that may have the same key stands behind the last, and would be undone by a later
   * write of this one.
   */
  boolean isFollowedBySameKey() {
    return to < rows.length && sorted.mayMeet(to - 1, to);
  }

  /** Returns the rows of some slices of one delivery, in their order, as one slice. */
  static BatchSlice together(List<BatchSlice> slices) {
    BatchSlice any = slices.get(0);
    List<KeyedRows<Submission>> ranges =
        slices.stream().map(slice -> slice.sorted.range(slice.from, slice.to)).toList();
    KeyedRows<Submission> rows = KeyedRows.together(ranges);
    return new BatchSlice(any.delivery, rows, 0, rows.rows.length);
  }

  BatchSlice range(int from, int to) {
    return new BatchSlice(delivery, sorted, from, to).after(this);
  }

  /** Whether two rows that stand together are merged. */
  boolean areOneRequest(int row, int next) {
    return sorted.merge(row, next);
  }

  boolean hasEnded(int row) {
    return rows[row].hasEnded();
  }

  /** Takes over what is known of its rows from a slice that failed. */
  BatchSlice after(BatchSlice failed) {
    ambiguous = failed.ambiguous;
    lasting = failed.lasting;
    mayComeLate = failed.mayComeLate;
    return this;
  }
}
