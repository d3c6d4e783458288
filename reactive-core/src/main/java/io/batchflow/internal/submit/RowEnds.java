package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.lane.Submission;

/**
 * Ends rows and batches: counts them in their lanes, returns their room, and schedules their
 * outcomes. Owned by the drain.
 */
public final class RowEnds {

  private final Submitter submitter;
  private final Admission admission;
  private final Lanes lanes;
  private final Slots slots;
  private final OutcomeTeller teller;

  private boolean roomFreed;

  public RowEnds(Submitter submitter, Lanes lanes, Slots slots, OutcomeTeller teller) {
    this.submitter = submitter;
    this.admission = submitter.admission;
    this.lanes = lanes;
    this.slots = slots;
    this.teller = teller;
  }

  /**
   * Ends an admitted row that was not sent, or counts it as withdrawn if its caller cancelled it.
   */
  public void end(Submission row, BatchFlowException reason) {
    if (row.seal()) {
      endSealed(row, reason);
    } else {
      withdraw(row);
    }
  }

  /** Ends an admitted row that was not added to a window. */
  public void endBeforeWindow(Submission row, BatchFlowException reason) {
    lanes.laneOf(row).admitted(row);
    end(row, reason);
  }

  /** Ends an admitted row that was withdrawn before it was added to a window. */
  public void withdrawBeforeWindow(Submission row) {
    lanes.laneOf(row).admitted(row);
    withdraw(row);
  }

  /** Ends a row that was removed from its window: withdrawn or expired. */
  public void drop(Submission row) {
    if (row.seal()) {
      endSealed(row, lanes.laneOf(row).timeouts.expiry(row));
    } else {
      withdraw(row);
    }
  }

  /** Ends a waiter that found no room. Waiters behind it may find some. */
  public void endWaiter(Submission row, BatchFlowException reason) {
    lanes.shares.release(row);
    roomFreed = true;
    if (row.seal()) {
      row.end(reason);
      teller.tellTurnedAway(row, reason);
    } else {
      forget(row);
    }
  }

  /** Ends a withdrawn row that held no room. */
  public void forget(Submission row) {
    lanes.shares.release(row);
    teller.forget(row);
  }

  /** Ends a batch whose rows have all ended. */
  public void end(InFlightBatch batch, long now) {
    teller.tell(batch); // first, so that a fault cannot prevent it
    admission.release(batch.size(), batch.units());
    lanes.shares.release(batch);
    slots.ended(batch);
    batch.account(now, submitter.wallTime());
    lanes.finished(batch, now);
  }

  /** A row that waits has given back its room, so that those before it may find some. */
  void roomFreed() {
    roomFreed = true;
  }

  /** Returns whether a row has given back its room since the last call. */
  public boolean hasFreedRoom() {
    boolean freed = roomFreed;
    roomFreed = false;
    return freed;
  }

  private void endSealed(Submission row, BatchFlowException reason) {
    row.end(reason);
    lanes.laneOf(row).account.ended(row.status(), 1);
    giveBackRoom(row);
    teller.tell(row);
  }

  private void withdraw(Submission row) {
    lanes.laneOf(row).account.withdrawn();
    giveBackRoom(row);
    teller.forget(row);
  }

  private void giveBackRoom(Submission row) {
    if (row.admitted) { // a held row has given it back
      admission.release(1, row.units);
    }
    lanes.shares.release(row);
    roomFreed = true;
  }
}
