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
import io.batchflow.internal.submit.RowEnds;
import io.batchflow.internal.submit.WaitQueue;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** Everything of a flow that has no end yet, as its close sees it. Owned by the drain. */
final class PendingRows {

  private final Lanes lanes;
  private final WaitQueue waiters;
  private final RowEnds ends;
  private final Predicate<Batch> withdrawn;

  /**
   * @param withdrawn takes back a batch that was handed to the writer; false if something of it may
   *     have been sent
   */
  PendingRows(Lanes lanes, WaitQueue waiters, RowEnds ends, Predicate<Batch> withdrawn) {
    this.lanes = lanes;
    this.waiters = waiters;
    this.ends = ends;
    this.withdrawn = withdrawn;
  }

  /** Lets every row leave without waiting for others. */
  void hurry(long now) {
    lanes.hurryAll(SealReason.CLOSE, now);
  }

  /**
   * Ends the rows of which no write has begun, and turns the waiters away.
   *
   * @return how many rows, waiters apart
   */
  int endUnsent(Function<Schema, BatchFlowException> reason, long now) {
    int ended = 0;
    for (Lane lane : lanes.all()) {
      for (Window window : lane.windows()) {
        Submission row;
        while ((row = window.first()) != null) {
          window.remove(row);
          ended++;
          ends.end(row, reason.apply(lane.schema));
        }
      }
      for (InFlightBatch delivery : new ArrayList<>(lane.inFlight())) {
        if (delivery.withhold()) {
          ended += end(delivery, reason, now);
        }
      }
    }
    waiters.giveUp(reason);
    return ended;
  }

  /**
   * Ends all rows: those of which something may have been sent as unknown, the others as not sent.
   *
   * @return how many rows, waiters apart
   */
  int endAll(Function<Schema, BatchFlowException> reason, long now) {
    int ended = endUnsent(reason, now);
    for (Lane lane : lanes.all()) {
      for (InFlightBatch delivery : new ArrayList<>(lane.inFlight())) {
        ended += end(delivery, reason, now);
      }
    }
    return ended;
  }

  /** A verdict that comes at the same time may end the batch first. */
  private int end(InFlightBatch delivery, Function<Schema, BatchFlowException> reason, long now) {
    if (!delivery.settle()) {
      return 0;
    }
    delivery.abandon(withdrawn, () -> reason.apply(delivery.schema()));
    ends.end(delivery, now);
    return delivery.size();
  }
}
