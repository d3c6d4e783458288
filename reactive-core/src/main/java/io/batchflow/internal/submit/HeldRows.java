package io.batchflow.internal.submit;

import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.EventList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a lane whose table is paused, first in first out. Owned by the drain.
 *
 * <p>They hold room of the table, not of the flow, so that other tables keep theirs. A row beyond
 * the table's bound waits at the end until the bound has room. If it had room of the flow before
 * the pause, it keeps that instead.
 */
final class HeldRows {

  final Lane lane;

  private final EventList rows = new EventList();
  private final HeldRoom room;

  /** The number of rows within the bound of the table. */
  private int inside;

  private @Nullable Submission firstWaiting;

  HeldRows(Lane lane, HeldRoom room) {
    this.lane = lane;
    this.room = room;
  }

  boolean isEmpty() {
    return rows.size() == 0;
  }

  @Nullable Submission first() {
    return (Submission) rows.first();
  }

  boolean contains(Submission row) {
    return row.list == rows;
  }

  /** Takes the rows that were in windows when the table was paused. They go to the front. */
  void takeOver(List<Submission> fromWindows) {
    List<Submission> behind = new ArrayList<>(rows.size());
    Submission row;
    while ((row = first()) != null) {
      rows.remove(row);
      behind.add(row);
    }
    for (Submission taken : fromWindows) {
      taken.window = null;
      rows.add(taken);
      if (fits(taken)) {
        room.releaseOfFlow(taken);
        enter(taken);
      }
    }
    behind.forEach(rows::add);
    changed();
  }

  /** Adds a row without room of the flow. Returns false if the bound has no room for it. */
  boolean add(Submission row) {
    if (firstWaiting != null || !fits(row)) {
      return false;
    }
    rows.add(row);
    lane.admitted(row);
    enter(row);
    changed();
    return true;
  }

  /** Adds a row that waits for the bound to have room. */
  void addWaiting(Submission row) {
    rows.add(row);
    if (firstWaiting == null) {
      firstWaiting = row;
    }
    room.starts(row);
    changed();
  }

  void remove(Submission row) {
    if (row == firstWaiting) {
      firstWaiting = (Submission) row.next;
    }
    rows.remove(row);
    if (!row.isCounted()) {
      room.ends(row);
    } else if (!row.admitted) {
      inside--;
      room.leave(row);
    }
    changed();
  }

  /** Lets waiting rows in while the bound has room. */
  void letIn() {
    Submission row;
    while ((row = firstWaiting) != null && fits(row)) {
      firstWaiting = (Submission) row.next;
      room.ends(row);
      lane.admitted(row);
      enter(row);
    }
  }

  private boolean fits(Submission row) {
    return inside < lane.policy.maxPausedRows() && room.fits(row);
  }

  private void enter(Submission row) {
    inside++;
    room.enter(row);
  }

  private void changed() {
    Submission first = first();
    lane.holds(rows.size(), first == null ? Long.MAX_VALUE : first.submittedAt);
  }
}
