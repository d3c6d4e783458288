package io.batchflow.internal;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.lane.Window;
import io.batchflow.internal.submit.PausedRows;
import io.batchflow.internal.submit.Pauses;
import io.batchflow.internal.submit.RowEnds;
import io.batchflow.internal.submit.WaitQueue;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** All rows of a flow that have not ended, for the close. Owned by the drain. */
final class PendingRows {

  private final Lanes lanes;
  private final WaitQueue waiters;
  private final PausedRows held;
  private final Pauses pauses;
  private final RowEnds ends;
  private final Predicate<Batch> withdrawn;

  /**
   * @param withdrawn withdraws a batch from the writer; false if something of it may have been sent
   */
  PendingRows(
      Lanes lanes,
      WaitQueue waiters,
      PausedRows held,
      Pauses pauses,
      RowEnds ends,
      Predicate<Batch> withdrawn) {
    this.lanes = lanes;
    this.waiters = waiters;
    this.held = held;
    this.pauses = pauses;
    this.ends = ends;
    this.withdrawn = withdrawn;
  }

  /** Sends every row without waiting for its window to fill, and also those of paused tables. */
  void hurry(long now) {
    pauses.resumeAll();
    lanes.hurryAll(SealReason.CLOSE, now);
  }

  /** Whether rows wait outside of the room of the flow, or are about to. */
  boolean areHeld() {
    return !held.isEmpty() || lanes.shares.areAwaited();
  }

  /**
   * Ends the rows whose write has not begun, and turns the waiters away.
   *
   * @return the number of ended rows, without waiters
   */
  int endUnsent(Function<Schema, BatchFlowException> reason, long now) {
    pauses.resumeAll();
    int ended = held.endAll(reason);
    for (Lane lane : lanes.all()) {
      for (Window window : lane.windows()) {
        Submission row;
        while ((row = window.first()) != null) {
          window.remove(row);
          ended++;
          ends.end(row, reason.apply(lane.schema));
        }
      }
      for (InFlightBatch batch : new ArrayList<>(lane.inFlight())) {
        if (batch.withhold()) {
          ended += end(batch, reason, now);
        }
      }
    }
    waiters.giveUp(reason);
    return ended;
  }

  /**
   * Ends all rows: as unknown if they may have been sent, else as not sent.
   *
   * @return the number of ended rows, without waiters
   */
  int endAll(Function<Schema, BatchFlowException> reason, long now) {
    int ended = endUnsent(reason, now);
    for (Lane lane : lanes.all()) {
      for (InFlightBatch batch : new ArrayList<>(lane.inFlight())) {
        ended += end(batch, reason, now);
      }
    }
    return ended;
  }

  /** Returns 0 if the result of the batch arrived first. */
  private int end(InFlightBatch batch, Function<Schema, BatchFlowException> reason, long now) {
    if (!batch.settle()) {
      return 0;
    }
    batch.abandon(withdrawn, () -> reason.apply(batch.schema()));
    ends.end(batch, now);
    return batch.size();
  }
}
