package io.batchflow.internal.lane;

import io.batchflow.SealReason;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventList;
import io.batchflow.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table, or of a share of its keys, that wait to be sealed. A batch is cut off the
 * front when a slot is free. Until then rows can be withdrawn, and batches grow while the backend
 * is busy. Only the drain uses it.
 */
public final class Window {

  /** The least time between two looks at all rows, for each row, in nanoseconds. */
  private static final long REST_PER_ROW = 100;

  final Lane lane;

  /** Whether a batch of an ordered window is in flight, so that the next must wait. */
  boolean busy;

  /** Whether it is in its lane's queue. */
  boolean ready;

  /** Whether it has a timer; the time is below. */
  boolean armed;

  long wakeAt;

  private final EventList rows = new EventList();
  private long bytes;

  /** The number of rows at the front that need not wait for others. */
  private int urgent;

  private @Nullable SealReason urgency;

  /** No row expires before this time. Kept only while the timeouts of its lane are mixed. */
  private long noExpiryBefore = EventLoop.NO_DEADLINE;

  Window(Lane lane) {
    this.lane = lane;
  }

  boolean isEmpty() {
    return rows.size() == 0;
  }

  int size() {
    return rows.size();
  }

  long bytes() {
    return bytes;
  }

  EventList rows() {
    return rows;
  }

  public @Nullable Submission first() {
    return (Submission) rows.first();
  }

  void add(Submission submission) {
    if (lane.timeouts.areMixed()) {
      long expiry = lane.timeouts.expiresAt(submission);
      noExpiryBefore = isEmpty() ? expiry : Math.min(noExpiryBefore, expiry);
    }
    rows.add(submission);
    submission.window = this;
    bytes += submission.bytes;
  }

  public void remove(Submission submission) {
    if (submission == rows.first() && urgent > 0) {
      urgent--;
    }
    rows.remove(submission);
    bytes -= submission.bytes;
    urgent = Math.min(urgent, rows.size());
  }

  /** Lets all present rows leave without waiting for others. */
  void hurry(SealReason reason) {
    urgent = rows.size();
    urgency = reason;
  }

  /** Returns why its rows were hurried; null if they were not. */
  @Nullable SealReason urgency() {
    return urgent > 0 ? urgency : null;
  }

  /** Returns why the window should close now, or null if it should not. */
  @Nullable SealReason ripe(long now) {
    Submission first = first();
    if (first == null) {
      return null;
    }
    if (rows.size() >= lane.policy.maxSize()) {
      return SealReason.ROWS;
    }
    if (bytes >= lane.policy.maxBytes()) {
      return SealReason.BYTES;
    }
    if (urgent > 0) {
      return urgency;
    }
    if (lane.pace.letsRowsLeave(now)) {
      return SealReason.IDLE;
    }
    return now - first.submittedAt >= lane.maxDelay ? SealReason.AGE : null;
  }

  /** Returns when its first row becomes too old to wait, or to be sent. */
  long nextLook(long now) {
    Submission first = first();
    if (first == null) {
      return EventLoop.NO_DEADLINE;
    }
    long expiry = lane.timeouts.areMixed() ? noExpiryBefore : lane.timeouts.expiresAt(first);
    if (ripe(now) == null) {
      return Math.min(lane.pace.rowsLeaveAt(first.submittedAt), expiry);
    }
    return expiry;
  }

  /** The first row with a timeout of its own comes. So far, rows expire in their order. */
  void mixed() {
    Submission first = first();
    noExpiryBefore = first == null ? EventLoop.NO_DEADLINE : lane.timeouts.expiresAt(first);
  }

  /** The timeouts of its lane have changed: the next look is at all rows. */
  void lookAgain(long now) {
    noExpiryBefore = now;
  }

  /**
   * Removes the rows that have expired.
   *
   * @return whether there were any
   */
  boolean expire(long now, Consumer<Submission> dropped) {
    int before = rows.size();
    if (lane.timeouts.areMixed()) {
      expireAny(now, dropped);
    } else {
      Submission row;
      while ((row = first()) != null && lane.timeouts.isExpired(row, now)) {
        remove(row);
        dropped.accept(row);
      }
    }
    return rows.size() < before;
  }

  /** Looks at all rows, but not again before that costs only a small share of the time. */
  private void expireAny(long now, Consumer<Submission> dropped) {
    if (now < noExpiryBefore) {
      return;
    }
    noExpiryBefore = EventLoop.NO_DEADLINE;
    Event next;
    for (Event event = rows.first(); event != null; event = next) {
      next = event.next;
      Submission row = (Submission) event;
      if (lane.timeouts.isExpired(row, now)) {
        remove(row);
        dropped.accept(row);
      } else {
        noExpiryBefore = Math.min(noExpiryBefore, lane.timeouts.expiresAt(row));
      }
    }
    noExpiryBefore = Math.max(noExpiryBefore, now + REST_PER_ROW * rows.size());
  }

  /**
   * Removes the rows of the next batch from the front.
   *
   * @param withdrawn receives the rows that were cancelled meanwhile
   */
  List<Submission> cut(Consumer<Submission> withdrawn) {
    int most = Math.min(rows.size(), lane.policy.maxSize());
    List<Submission> taken = new ArrayList<>(most);
    long takenBytes = 0;
    Submission row = first();
    while (row != null && taken.size() < most) {
      takenBytes += row.bytes;
      if (!taken.isEmpty() && takenBytes > lane.policy.maxBytes()) {
        break;
      }
      Submission next = (Submission) row.next;
      remove(row);
      if (row.seal()) {
        taken.add(row);
      } else {
        withdrawn.accept(row);
      }
      row = next;
    }
    return taken;
  }
}
