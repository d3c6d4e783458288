package io.batchflow.internal.write;

import io.batchflow.FailureKind;
import io.batchflow.internal.lane.Lane;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether rows or the table cause a failure. Rows are written alone until one is written
 * or rejected for its content, or until enough have failed to blame the table. The first row is
 * taken in order, which keeps the order of the batch if it is good. The others are taken at random,
 * since bad rows may be adjacent; of rows that may have the same key, the first. If all rows may
 * have the same key, all are taken in order. Used by one write at a time.
 */
final class Search {

  /** If half of all rows are bad, one batch in 2,000 is misjudged. */
  private static final int ENOUGH = 11;

  /** The limit for rows that are taken in order, since the bad rows may all be at the head. */
  private static final int ENOUGH_IN_ORDER = 20;

  /** Each may take as long as a statement timeout. */
  private static final int ENOUGH_CONTENTION = 5;

  /** Up to this number, all rows are tried, so that no batch is misjudged. */
  private static final int FEW = 16;

  private final WriteFailure failure;
  private final Lane lane;
  private final boolean few;
  private final boolean inOrder;
  private final int enough;

  /** How many rows at random are enough if the table is suspected. */
  private final int enoughIfSuspected;

  private @Nullable BatchSlice rest;
  private @Nullable BatchSlice alone;
  private int failed;
  private boolean atRandom;
  private int failedAtRandom;

  /**
   * @param whole the slice that failed
   */
  Search(BatchSlice whole, WriteFailure failure) {
    this.failure = failure;
    this.lane = whole.inFlight.lane();
    this.rest = whole;
    boolean contention = failure.kind() == FailureKind.CONTENTION;
    inOrder = Division.mayBeOneKey(whole);
    enough = contention ? ENOUGH_CONTENTION : inOrder ? ENOUGH_IN_ORDER : ENOUGH;
    enoughIfSuspected = isTableSuspected() ? 1 : 2;
    few = whole.liveRows() <= FEW && !contention && !isTableSuspected();
  }

  /** Whether many rows of the table have failed alone, and none was written since. */
  private boolean isTableSuspected() {
    return lane.failedAlone.get() >= enough;
  }

  /** Returns the next row to write alone; null if there is none. */
  @Nullable BatchSlice next() {
    BatchSlice from = rest;
    if (from == null) {
      return null;
    }
    atRandom = !few && !inOrder && (failed > 0 || isTableSuspected());
    int row = Division.liveRow(from, atRandom ? ThreadLocalRandom.current().nextDouble() : 0);
    if (row < 0) {
      return null;
    }
    alone = from.range(row, row + 1);
    rest = Division.without(from, alone);
    return alone;
  }

  boolean isFor(BatchSlice slice) {
    return slice == alone;
  }

  /**
   * Records that a row failed alone. Returns whether enough have failed to blame the table. Rows of
   * other batches count only together with rows that were taken at random, since all batches in
   * flight may begin with a bad row.
   */
  boolean failedAlone() {
    failed++;
    failedAtRandom += atRandom ? 1 : 0;
    lane.failedAlone.incrementAndGet();
    boolean suspected = isTableSuspected() && failedAtRandom >= enoughIfSuspected;
    return !few && (failed >= enough || suspected);
  }

  /** Returns the failure of the whole slice. */
  WriteFailure failure() {
    return failure;
  }

  /** Returns the slices to write if rows are the cause. */
  List<BatchSlice> suspected() {
    if (rest == null) {
      return List.of();
    }
    return failed > 0 ? List.of(rest) : Division.halves(rest);
  }

  /** Returns the remaining rows, which fail if the table is the cause; null if there are none. */
  @Nullable BatchSlice rest() {
    return rest;
  }
}
