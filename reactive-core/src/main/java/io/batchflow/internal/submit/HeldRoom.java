package io.batchflow.internal.submit;

import io.batchflow.internal.lane.Shares;
import io.batchflow.internal.lane.Submission;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the rows of all paused tables take together: as many bytes as the flow has room for, and as
 * many waiting submissions. Owned by the drain.
 */
final class HeldRoom {

  private final Admission admission;
  private final Shares shares;
  private final int maxWaiters;

  private final AtomicInteger waiting = new AtomicInteger();
  private long units;
  private int waitingSingles;

  HeldRoom(Admission admission, Shares shares, int maxWaiters) {
    this.admission = admission;
    this.shares = shares;
    this.maxWaiters = maxWaiters;
  }

  boolean fits(Submission row) {
    return units + row.units <= admission.maxUnits();
  }

  void enter(Submission row) {
    units += row.units;
    shares.stopToWait(row);
  }

  void leave(Submission row) {
    units -= row.units;
  }

  /** Returns a row's room to the flow, and to the share of its table. */
  void releaseOfFlow(Submission row) {
    if (row.admitted) { // not if it was submitted while its table had its share
      row.admitted = false;
      admission.release(1, row.units);
      shares.release(row);
    }
  }

  /** Takes room of the flow for a row that has none. Returns false if there is none. */
  boolean takeOfFlow(Submission row) {
    return row.admitted || admission.admitWaiter(row.units, false);
  }

  /** Whether another submission may wait. Rows of streams may always: few were requested. */
  boolean mayWait(Submission row) {
    return row.receiver() != null || waitingSingles < maxWaiters;
  }

  /** Returns the number of rows that wait. For any thread. */
  int waiting() {
    return waiting.get();
  }

  /** A row starts to wait. Its stream requests no more rows meanwhile. */
  void starts(Submission row) {
    shares.startToWait(row, Integer.MAX_VALUE);
    waiting.lazySet(waiting.getPlain() + 1);
    if (row.receiver() instanceof RowStream<?> stream) {
      stream.demand().hold();
    } else {
      waitingSingles++;
    }
  }

  /** A row no longer waits. */
  void ends(Submission row) {
    shares.stopToWait(row);
    waiting.lazySet(waiting.getPlain() - 1);
    if (row.receiver() instanceof RowStream<?> stream) {
      stream.demand().letGo();
    } else {
      waitingSingles--;
    }
  }
}
