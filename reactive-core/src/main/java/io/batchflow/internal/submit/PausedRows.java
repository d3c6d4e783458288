package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Share;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds the rows of paused tables, and those of tables that have their share, outside of the room
 * of the flow. They return to their windows when the table is resumed, as the flow and the share
 * have room, before others that wait for the flow. Owned by the drain, but {@link #waiting} is for
 * any thread.
 */
public final class PausedRows {

  /** The least time between two looks at all rows, for each row, in nanoseconds. */
  private static final long REST_PER_ROW = 100;

  private final FlowConfig config;
  private final Submitter submitter;
  private final Lanes lanes;
  private final RowEnds ends;
  private final Pauses pauses;
  private final Consumer<Submission> returned;
  private final HeldRoom room;
  private final Map<Lane, HeldRows> held = new LinkedHashMap<>();

  private long nextLook = EventLoop.NO_DEADLINE;

  /** Visits a held row, and may remove it. */
  private interface Visitor {

    void visit(Submission row, HeldRows rows);
  }

  /** Creates it without rows; {@code returned} receives each row that returns to its window. */
  public PausedRows(
      FlowConfig config,
      Submitter submitter,
      Lanes lanes,
      RowEnds ends,
      Pauses pauses,
      Consumer<Submission> returned) {
    this.config = config;
    this.submitter = submitter;
    this.lanes = lanes;
    this.ends = ends;
    this.pauses = pauses;
    this.returned = returned;
    this.room = new HeldRoom(submitter.admission, lanes.shares, config.maxWaiters);
  }

  /** Whether no row is held. */
  public boolean isEmpty() {
    return held.isEmpty();
  }

  /** Returns how many rows wait for room of their table. */
  public int waiting() {
    return room.waiting();
  }

  /** Pauses a table. Calls back when none of its batches is in flight. */
  public void pause(String table, Runnable answer) {
    List<Lane> ofTable = lanes.lanesOf(table);
    pauses.pause(table, ofTable, answer);
    for (Lane lane : ofTable) {
      List<Submission> rows = lane.takeAll();
      if (!rows.isEmpty()) {
        held.computeIfAbsent(lane, this::newRows).takeOver(rows);
        rows.forEach(row -> lookAt(deadline(row, lane)));
      }
    }
  }

  private HeldRows newRows(Lane lane) {
    return new HeldRows(lane, room);
  }

  /**
   * Takes a row if its table is paused or has its share, or earlier rows of it have not returned.
   * The row ends if the table has no room for it and it may not wait.
   *
   * @return whether it was taken
   */
  public boolean hold(Submission row) {
    if (pauses.isEmpty() && held.isEmpty() && !lanes.shares.exist()) {
      return false;
    }
    Lane lane = lanes.laneOf(row.row.schema());
    HeldRows rows = held.get(lane);
    boolean paused = pauses.isPaused(lane.schema.table());
    if (rows == null) {
      if (!paused && row.admitted && lanes.shares.take(row, lane)) {
        return false;
      }
      rows = newRows(lane);
    }
    room.releaseOfFlow(row);
    if (isForShare(rows) || !rows.add(row)) {
      if (overflowOf(row) == Overflow.FAIL || !room.mayWait(row)) {
        ends.endWaiter(row, full(lane));
        return true;
      }
      rows.addWaiting(row);
      ends.roomFreed();
    }
    held.put(lane, rows);
    lookAt(deadline(row, lane));
    return true;
  }

  private Overflow overflowOf(Submission row) {
    return row instanceof SubmitMono.Single single ? submitter.overflowOf(single) : Overflow.WAIT;
  }

  /** Whether rows wait for the share of their table, so that none is within a bound of it. */
  private boolean isForShare(HeldRows rows) {
    return rows.lane.share != null && !pauses.isPaused(rows.lane.schema.table());
  }

  private QueueFullException full(Lane lane) {
    String table = lane.schema.table();
    Share share = lane.share;
    return share == null || pauses.isPaused(table)
        ? QueueFullException.paused(table, lane.policy.maxPausedRows(), config.maxPending)
        : submitter.refusals.shareTaken(lane.schema, share);
  }

  /** Lets rows return to their windows, or into the bound of their table, while there is room. */
  public void admit(long now) {
    boolean wanted = false;
    for (Iterator<HeldRows> all = held.values().iterator(); all.hasNext(); ) {
      HeldRows rows = all.next();
      if (!pauses.isPaused(rows.lane.schema.table())) {
        submitter.wantRoom(true); // first, as a stream may return room meanwhile
        wanted |= !giveBack(rows, now);
      }
      if (!isForShare(rows)) {
        rows.letIn();
      }
      if (rows.isEmpty()) {
        all.remove();
      }
    }
    submitter.wantRoom(wanted);
  }

  /** Returns whether no row is left that the room of the flow could help. */
  private boolean giveBack(HeldRows rows, long now) {
    Submission row;
    while ((row = rows.first()) != null) {
      if (row.is(Submission.WITHDRAWN)) {
        withdraw(row, rows);
      } else if (!lanes.shares.take(row, rows.lane)) {
        lanes.hurry(rows.lane.share, now);
        return true;
      } else if (room.takeOfFlow(row)) {
        rows.remove(row);
        row.admitted = true;
        returned.accept(row);
      } else {
        lanes.shares.giveBack(row);
        return false;
      }
    }
    return true;
  }

  /** Withdraws a cancelled row. Returns false if it is not here. */
  public boolean withdraw(Submission row) {
    HeldRows rows = held.isEmpty() ? null : held.get(lanes.laneOf(row));
    if (rows == null || !rows.contains(row)) {
      return false;
    }
    withdraw(row, rows);
    return true;
  }

  private void withdraw(Submission row, HeldRows rows) {
    rows.remove(row);
    if (row.isCounted()) {
      ends.drop(row);
    } else {
      ends.forget(row);
    }
  }

  /** Withdraws the rows of a cancelled stream. */
  public void withdraw(Submission.Receiver stream) {
    each(
        (row, rows) -> {
          if (row.receiver() == stream && row.moveAlone(Submission.QUEUED, Submission.WITHDRAWN)) {
            withdraw(row, rows);
          }
        });
  }

  /** Ends the rows that have expired, and those that waited too long. */
  public void expire(long now) {
    if (now < nextLook) {
      return;
    }
    nextLook = EventLoop.NO_DEADLINE;
    int[] left = {0};
    each(
        (row, rows) -> {
          long deadline = deadline(row, rows.lane);
          if (now < deadline) {
            left[0]++;
            lookAt(deadline);
          } else {
            rows.remove(row);
            expire(row, rows.lane, now);
          }
        });
    nextLook = Math.max(nextLook, now + REST_PER_ROW * left[0]);
  }

  private void expire(Submission row, Lane lane, long now) {
    if (row.isCounted()) {
      ends.drop(row);
    } else {
      boolean expired = lane.timeouts.isExpired(row, now);
      ends.endWaiter(row, expired ? lane.timeouts.expiry(row) : full(lane));
    }
  }

  private void lookAt(long deadline) {
    nextLook = Math.min(nextLook, deadline);
  }

  /** A stream's row was requested, so it waits as long as it may be sent. */
  private long deadline(Submission row, Lane lane) {
    long expiry = lane.timeouts.expiresAt(row);
    boolean mayWait = row.isCounted() || row.receiver() != null;
    return mayWait ? expiry : Math.min(expiry, row.submittedAt + config.maxWait.toNanos());
  }

  /** The deadlines have changed: the next look is at all rows. */
  public void lookAgain(long now) {
    nextLook = now;
  }

  public long nextLook() {
    return nextLook;
  }

  /** Ends all rows, for the close. Returns how many ended, without those that waited. */
  public int endAll(Function<Schema, BatchFlowException> reason) {
    int[] ended = {0};
    each(
        (row, rows) -> {
          rows.remove(row);
          BatchFlowException error = reason.apply(rows.lane.schema);
          if (row.isCounted()) {
            ended[0]++;
            ends.end(row, error);
          } else {
            ends.endWaiter(row, error);
          }
        });
    return ended[0];
  }

  /** Visits the rows of a table. */
  public void eachOf(String table, Consumer<Submission> visitor) {
    each(
        (row, rows) -> {
          if (rows.lane.schema.table().equals(table)) {
            visitor.accept(row);
          }
        });
  }

  private void each(Visitor visitor) {
    for (HeldRows rows : held.values()) {
      Event next;
      for (Event row = rows.first(); row != null; row = next) {
        next = row.next;
        visitor.visit((Submission) row, rows);
      }
    }
    held.values().removeIf(HeldRows::isEmpty);
  }
}
