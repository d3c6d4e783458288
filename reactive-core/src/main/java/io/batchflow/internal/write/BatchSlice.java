package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.RowExpiredException;
import io.batchflow.RowVerdict;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import io.batchflow.internal.key.KeyedRows;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Submission;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A range of an in-flight batch that is written as one batch: at first all rows, after a split a
 * part. Rows of the same key are merged; expired rows are left out. Used by one attempt at a time.
 */
final class BatchSlice {

  final InFlightBatch inFlight;
  final int from;
  final int to;

  /** When the first attempt began. */
  long startedAt;

  /** The number of attempts. */
  int attempts;

  /** Whether an attempt with an unknown result may have been applied. */
  boolean ambiguous;

  /**
   * Whether it is part of a batch whose last retry still failed with {@link
   * FailureKind#CONTENTION}.
   */
  boolean lasting;

  /** The attempt that may still be applied. */
  LostWrites.@Nullable LostWrite lost;

  /** Whether an attempt may be applied at any later time. Then its rows are not sent again. */
  boolean mayBeAppliedLater;

  private final KeyedRows<Submission> sorted;
  private final Submission[] rows;

  /** Whether a row that was taken out behind the last of its rows may have the same key. */
  private boolean followed;

  private boolean stale = true;
  private @Nullable SliceBatch carried;
  private @Nullable Batch batch;

  /** The position in the batch of the last row that ended as written. */
  private int lastWritten = SliceBatch.LEFT_OUT;

  BatchSlice(InFlightBatch inFlight, KeyedRows<Submission> sorted, int from, int to) {
    this.inFlight = inFlight;
    this.sorted = sorted;
    this.rows = sorted.rows;
    this.from = from;
    this.to = to;
  }

  /** Returns all rows of a batch, sorted by a rule. */
  static BatchSlice whole(InFlightBatch inFlight, KeyEquality equality) {
    return sorted(inFlight, equality, inFlight.rows());
  }

  /** Returns some rows of a batch, sorted by another rule. */
  static BatchSlice anew(InFlightBatch inFlight, KeyEquality equality, Set<Submission> some) {
    Submission[] left =
        Stream.of(inFlight.rows()).filter(some::contains).toArray(Submission[]::new);
    return sorted(inFlight, equality, left);
  }

  private static BatchSlice sorted(
      InFlightBatch inFlight, KeyEquality equality, Submission[] rows) {
    KeyedRows<Submission> sorted = KeyedRows.of(equality, rows, submission -> submission.row);
    return new BatchSlice(inFlight, sorted, 0, rows.length);
  }

  /** Prepares the next attempt. Returns its batch; null if no row is left to send. */
  @Nullable Batch prepare(long now) {
    stale |= dropExpired(now);
    refresh();
    batch = batchOn(attempts + 1);
    return batch;
  }

  /**
   * Returns the batch of the open rows, for a slice that was never sent; null if no row is left.
   */
  @Nullable Batch unsent() {
    if (stale) {
      refresh();
      batch = batchOn(attempts);
    }
    return batch;
  }

  private void refresh() {
    if (stale) {
      carried = SliceBatch.of(inFlight, sorted, from, to);
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

  /** Restricts the next attempt to rows without an outcome. */
  void reassemble() {
    stale = true;
  }

  private boolean dropExpired(long now) {
    Lane lane = inFlight.lane();
    boolean dropped = false;
    for (int i = from; lane.timeouts.exist() && i < to; i++) {
      Submission row = rows[i];
      if (!row.hasEnded() && lane.timeouts.isExpired(row, now)) {
        row.end(expiry(row, lane.timeouts.expiry(row)));
        dropped = true;
      }
    }
    return dropped;
  }

  private BatchFlowException expiry(Submission row, RowExpiredException expired) {
    return ambiguous ? UnknownOutcomeException.noVerdict(Unit.tables(row.row), expired) : expired;
  }

  /** Returns the rule by which the rows are merged. */
  KeyEquality equality() {
    return sorted.equality;
  }

  /** Whether rows may have the same key, so that they must be written in order. */
  boolean keepsOrder() {
    return sorted.keepOrder();
  }

  /** Returns the rows without an outcome. */
  Stream<Submission> open() {
    return IntStream.range(from, to).mapToObj(i -> rows[i]).filter(row -> !row.hasEnded());
  }

  /** Whether all rows ended before this attempt. */
  boolean isEmpty() {
    return batch == null;
  }

  Batch batch() {
    return Objects.requireNonNull(batch, "batch");
  }

  /** Whether the batch holds all rows of the in-flight batch, unmerged and with one result. */
  boolean isWhole() {
    return batch().size() == inFlight.size()
        && !batch().rowVerdicts()
        && batch().returning().isEmpty();
  }

  /**
   * Returns the position in the batch of a row, or of the row that it was merged into; -1 if none.
   */
  int indexInBatch(int row) {
    return carried().indexInBatch(row);
  }

  /** Returns whether the row at a position of the batch is merged from several rows. */
  boolean isShared(int index) {
    return carried().isShared(index);
  }

  /** Returns how many rows the batch holds, before merging. */
  int liveRows() {
    return carried == null ? 0 : carried.liveRows();
  }

  /** Returns the time since the first attempt. */
  Duration took(long now) {
    return Duration.ofNanos(Math.max(0, now - startedAt));
  }

  /** Returns the details that the written rows share. */
  WriteResult.Write write(long now) {
    long nanos = Math.max(0, now - inFlight.sealedAt);
    return new WriteResult.Write(batch().size(), attempts, nanos, RowVerdict.WRITTEN);
  }

  /** Ends a written row, unless it has ended, and counts it if it was merged. */
  void end(int row, WriteResult.Write write, BatchResult result) {
    int index = indexInBatch(row);
    if (index == lastWritten) {
      inFlight.merged(1);
    }
    lastWritten = index;
    rows[row].end(carried().detailsOf(row, write, result, ambiguous));
  }

  /** Ends a row that was not written, unless it has ended. */
  void end(int row, WriteFailure failure) {
    rows[row].end(SliceErrors.ofRow(this, failure, rows[row].row, indexInBatch(row)));
  }

  /** Ends all rows of the batch that are not kept, and builds the batch of those that are. */
  void endAllBut(BitSet kept, WriteFailure failure) {
    for (int row = from; row < to; row++) {
      int index = indexInBatch(row);
      if (index >= 0 && !kept.get(index)) {
        end(row, failure);
      }
    }
    reassemble();
    unsent();
  }

  /** Whether the next row may have the same key. A later write of this slice would overwrite it. */
  boolean isFollowedBySameKey() {
    return to < rows.length ? sorted.mayMeet(to - 1, to) : followed;
  }

  /** Returns one slice with the rows of several slices, in their order. */
  static BatchSlice together(List<BatchSlice> slices) {
    BatchSlice any = slices.get(0);
    List<KeyedRows<Submission>> ranges =
        slices.stream().map(slice -> slice.sorted.range(slice.from, slice.to)).toList();
    KeyedRows<Submission> rows = KeyedRows.together(ranges);
    BatchSlice together = new BatchSlice(any.inFlight, rows, 0, rows.rows.length);
    for (BatchSlice slice : slices) {
      if (slice.from < slice.to) {
        together.followed = slice.isFollowedBySameKey();
      }
    }
    return together;
  }

  BatchSlice range(int from, int to) {
    BatchSlice range = new BatchSlice(inFlight, sorted, from, to).after(this);
    range.followed = followed;
    return range;
  }

  /** Whether two adjacent rows may have the same key, so that their order matters. */
  boolean mayMeet(int row, int next) {
    return sorted.mayMeet(row, next);
  }

  boolean hasEnded(int row) {
    return rows[row].hasEnded();
  }

  /** Copies the state of a failed slice. */
  BatchSlice after(BatchSlice failed) {
    ambiguous = failed.ambiguous;
    lasting = failed.lasting;
    mayBeAppliedLater = failed.mayBeAppliedLater;
    return this;
  }
}
