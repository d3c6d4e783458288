package io.batchflow.internal.write;

import io.batchflow.FailureKind;
import io.batchflow.internal.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a failure of several rows is some row's or the table's: rows are written alone
 * until one is written or rejected for its content, or until so many have failed that the table is
 * to blame. The first are taken in order, so that the batch keeps it where one of these is good;
 * the others at random, as bad rows may stand together. Used by one write after the other.
 */
final class Search {

  /** If half of all rows are bad, one batch in two thousand is misjudged. */
  private static final int ENOUGH = 11;

  /** Each may take as long as a statement timeout. */
  private static final int ENOUGH_CONTENTION = 5;

  private static final int FIRST = 3;

  /** Up to so many rows are all tried, so that none is misjudged. */
  private static final int FEW = 16;

  private final WriteFailure failure;
  private final Lane lane;
  private final int enough;
  private final int inOrder;

  /** Merged rows, of which each may be good. */
  private final List<BatchSlice> failedTogether = new ArrayList<>(0);

  private @Nullable BatchSlice rest;
  private @Nullable BatchSlice alone;
  private int failed;

  /**
   * @param whole the slice that failed
   */
  Search(BatchSlice whole, WriteFailure failure) {
    this.failure = failure;
    this.lane = whole.delivery.lane();
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

  /** Returns what to write alone next: a row, or all that are merged with it; null if none is. */
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

  /** Takes it that a slice failed alone. Returns whether the table is to blame by now. */
  boolean failedAlone(BatchSlice slice) {
    failed++;
    int inLane = lane.failedAlone.incrementAndGet();
    if (slice.liveRows() > 1) {
      failedTogether.add(slice);
    }
    return Math.max(failed, inLane) >= enough;
  }

  /** Returns the failure of all rows. */
  WriteFailure failure() {
    return failure;
  }

  /** Returns what to write if rows are to blame: first whole where the bad ones may be found. */
  List<BatchSlice> suspected() {
    List<BatchSlice> slices = new ArrayList<>();
    if (rest != null) {
      slices.addAll(failed > 0 ? List.of(rest) : Division.halves(rest));
    }
    failedTogether.forEach(slice -> slices.addAll(Division.halves(slice)));
    return slices;
  }

  /** Returns what fails with the table, beside the rows that failed alone. */
  List<BatchSlice> untold() {
    List<BatchSlice> slices = new ArrayList<>(failedTogether);
    if (rest != null) {
      slices.add(rest);
    }
    return slices;
  }
}
