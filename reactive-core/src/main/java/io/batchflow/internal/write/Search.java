package io.batchflow.internal.write;

import io.batchflow.FailureKind;
import io.batchflow.internal.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether rows or the table cause a failure. Rows are written alone until one is written
 * or rejected for its content, or until enough have failed to blame the table. The first rows are
 * taken in order, which keeps the order of the batch if one of them is good. The others are taken
 * at random, since bad rows may be adjacent. Used by one write at a time.
 */
final class Search {

  /** If half of all rows are bad, one batch in 2,000 is misjudged. */
  private static final int ENOUGH = 11;

  /** Each may take as long as a statement timeout. */
  private static final int ENOUGH_CONTENTION = 5;

  private static final int FIRST = 3;

  /** Up to this number, all rows are tried, so that no batch is misjudged. */
  private static final int FEW = 16;

  private final WriteFailure failure;
  private final Lane lane;
  private final int enough;
  private final int inOrder;

  /** Merged rows that failed together; each of them may be good. */
  private final List<BatchSlice> failedTogether = new ArrayList<>(0);

  private @Nullable BatchSlice rest;
  private @Nullable BatchSlice alone;
  private int failed;

  /**
   * @param whole the slice that failed
   */
  Search(BatchSlice whole, WriteFailure failure) {
    this.failure = failure;
    this.lane = whole.inFlight.lane();
    this.rest = whole;
    boolean contention = failure.kind() == FailureKind.CONTENTION;
    int usual = contention ? ENOUGH_CONTENTION : ENOUGH;
    if (lane.failedAlone.get() >= usual) {
      enough = 1;
      inOrder = 0;
    } else if (whole.liveRows() <= FEW && !contention) {
      enough = Integer.MAX_VALUE;
      inOrder = FEW;
    } else {
      enough = usual;
      inOrder = contention ? 1 : FIRST;
    }
  }

  /** Returns the next row to write alone, with all rows merged with it; null if there is none. */
  @Nullable BatchSlice next() {
    BatchSlice from = rest;
    boolean orderly = failed < inOrder || (from != null && from.keepsOrder());
    int row = from == null ? -1 : Division.liveRow(from, orderly ? 0 : random());
    if (from == null || row < 0) {
      return null;
    }
    alone = orderly ? from.range(row, row + 1) : Division.mergedWith(from, row);
    rest = Division.without(from, alone);
    return alone;
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  boolean isFor(BatchSlice slice) {
    return slice == alone;
  }

  /** Records that a slice failed alone. Returns whether enough have failed to blame the table. */
  boolean failedAlone(BatchSlice slice) {
    failed++;
    int inLane = lane.failedAlone.incrementAndGet();
    if (slice.liveRows() > 1) {
      failedTogether.add(slice);
    }
    return Math.max(failed, inLane) >= enough;
  }

  /** Returns the failure of the whole slice. */
  WriteFailure failure() {
    return failure;
  }

  /** Returns the slices to write if rows are the cause. */
  List<BatchSlice> suspected() {
    List<BatchSlice> slices = new ArrayList<>();
    if (rest != null) {
      slices.addAll(failed > 0 ? List.of(rest) : Division.halves(rest));
    }
    failedTogether.forEach(slice -> slices.addAll(Division.halves(slice)));
    return slices;
  }

  /** Returns the remaining slices, which fail if the table is the cause. */
  List<BatchSlice> untold() {
    List<BatchSlice> slices = new ArrayList<>(failedTogether);
    if (rest != null) {
      slices.add(rest);
    }
    return slices;
  }
}
