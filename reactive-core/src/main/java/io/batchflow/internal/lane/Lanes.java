package io.batchflow.internal.lane;

import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.internal.config.Settings;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.Loop;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All tables' lanes: puts each row into its window, knows when a window needs a look, and seals the
 * next batch, tables taking turns. Owned by the drain; only {@link #all()} and {@link #forgotten()}
 * are for any thread.
 */
public final class Lanes {

  /** Tables beyond this are forgotten while they are idle. */
  public static final int REMEMBERED = 4_096;

  private final Map<Schema, Lane> lanes = new ConcurrentHashMap<>();
  private final Settings settings;
  private final Deque<Lane> ready = new ArrayDeque<>();
  private final PriorityQueue<Window> timers =
      new PriorityQueue<>(Comparator.comparingLong((Window window) -> window.wakeAt));

  private @Nullable Lane latest;

  /** What some thread looked up last: a race is of no consequence. */
  private @Nullable Lane recent;

  private volatile Totals forgotten = Totals.NONE;

  public Lanes(Settings settings) {
    this.settings = settings;
  }

  public Collection<Lane> all() {
    return lanes.values();
  }

  /** The account of the lanes that were forgotten. */
  public Totals forgotten() {
    return forgotten;
  }

  @SuppressWarnings("ReferenceEquality") // a short cut; the map decides by value
  public Lane laneOf(Schema schema) {
    Lane lane = latest;
    if (lane == null || lane.schema != schema) {
      lane = lanes.get(schema);
      if (lane == null) {
        forgetIdle();
        lane = new Lane(schema, settings.policyOf(schema), settings.concurrency);
        lanes.put(schema, lane);
      }
      latest = lane;
    }
    return lane;
  }

  /** Puts an admitted row into its window. */
  public void add(Submission submission, @Nullable SealReason urgency, long now) {
    Lane lane = laneOf(submission.request.schema());
    Window window = lane.windowFor(submission);
    window.add(submission);
    lane.admitted();
    if (urgency != null) {
      window.hurry(urgency);
    }
    if (window.size() == 1) {
      lane.refreshOldest();
      arm(window, now);
    }
    offer(window, now);
    if (lane.pauses()) {
      shareOut(lane, now);
    }
  }

  /** Shares a lane's rows out by its next rule, once nothing of it is in flight. */
  private void shareOut(Lane lane, long now) {
    if (!lane.inFlight().isEmpty()) {
      return;
    }
    SealReason urgency = null;
    for (Window window : lane.windows()) {
      urgency = urgency == null ? window.urgency() : urgency;
    }
    List<Submission> rows = lane.takeAll();
    List<Window> windows = lane.shareOut(rows);
    for (int i = 0; i < rows.size(); i++) {
      windows.get(i).add(rows.get(i));
    }
    for (Window window : lane.windows()) {
      if (urgency != null) {
        window.hurry(urgency);
      }
    }
    lane.refreshOldest();
    resume(lane, now);
  }

  /** Looks again at windows that nobody looked at during a pause. */
  private void resume(Lane lane, long now) {
    for (Window window : lane.windows()) {
      arm(window, now);
      offer(window, now);
    }
    list(lane);
  }

  /**
   * Returns the rule that a table's keys are shared out by; for any thread.
   *
   * @return null where they are not, or no rule is known
   */
  @SuppressWarnings("ReferenceEquality") // a short cut; the map decides by value
  public @Nullable KeyEquality keysOf(Schema schema) {
    Lane lane = recent;
    if (lane == null || lane.schema != schema) {
      lane = lanes.get(schema);
      if (lane == null) {
        return settings.concurrency == 1 || schema.conflictKey().isEmpty()
            ? null
            : settings.writer.keyEquality(schema);
      }
      recent = lane;
    }
    return lane.shares() ? lane.keys() : null;
  }

  /** Takes out a row that was not sealed yet; the row behind it may have to wait by itself now. */
  public void remove(Submission row, Window window, long now) {
    window.remove(row);
    window.lane.refreshOldest();
    arm(window, now);
  }

  /** Returns the lane of a row, also of one that has not arrived in a window. */
  public Lane laneOf(Submission row) {
    Window window = row.window;
    return window == null ? laneOf(row.request.schema()) : window.lane;
  }

  /** Passes every row that is not sealed yet; the caller may take it out. */
  public void eachQueued(Consumer<Submission> visitor) {
    for (Lane lane : lanes.values()) {
      for (Window window : lane.windows()) {
        Event next;
        for (Event row = window.first(); row != null; row = next) {
          next = row.next;
          visitor.accept((Submission) row);
        }
      }
    }
  }

  /** Lets every row that is here now leave without waiting for others. */
  public void hurryAll(SealReason reason, long now) {
    for (Lane lane : lanes.values()) {
      for (Window window : lane.windows()) {
        window.hurry(reason);
        offer(window, now);
      }
    }
  }

  /**
   * Seals the next batch.
   *
   * @param pressure whether the flow is full, so that no window may wait for more rows
   * @param dropped takes the rows that nobody waits for any more
   * @return the batch, which counts as in flight from now on; null if there is none to seal
   */
  public @Nullable Delivery seal(long now, boolean pressure, Consumer<Submission> dropped) {
    while (true) {
      Lane lane = ready.poll();
      if (lane == null) {
        if (!pressure || !hurryOldest(now)) {
          return null;
        }
        continue;
      }
      lane.listed = false;
      Window window = lane.ready.poll();
      if (window == null) {
        continue;
      }
      window.ready = false;
      if (lane.pauses()) {
        continue;
      }
      expire(window, now, dropped);
      SealReason reason = window.ripe(now);
      List<Submission> rows = reason == null ? List.of() : window.cut(dropped);
      Delivery delivery = null;
      if (reason != null && !rows.isEmpty()) {
        delivery = new Delivery(window, rows, reason, now);
        lane.sealed(delivery);
      }
      arm(window, now);
      offer(window, now);
      list(lane);
      if (delivery != null) {
        return delivery;
      }
    }
  }

  public void finished(Delivery delivery, long now) {
    Lane lane = delivery.lane();
    lane.finished(delivery);
    KeyEquality rule = delivery.equality();
    boolean paused = lane.pauses();
    if (rule != null) {
      lane.compareBy(rule);
    }
    if (lane.pauses()) {
      shareOut(lane, now);
    } else if (paused) {
      resume(lane, now); // the rule is the old one again
    }
    offer(delivery.window, now);
    list(delivery.window.lane);
  }

  /** Looks at the windows whose time has come. */
  public void tick(long now, Consumer<Submission> dropped) {
    Window window;
    while ((window = timers.peek()) != null && window.wakeAt <= now) {
      timers.remove();
      window.armed = false;
      expire(window, now, dropped);
      offer(window, now);
      arm(window, now);
    }
  }

  public long nextLook() {
    Window window = timers.peek();
    return window == null ? Loop.NO_DEADLINE : window.wakeAt;
  }

  private void expire(Window window, long now, Consumer<Submission> dropped) {
    if (!window.lane.expires()) {
      return;
    }
    int before = window.size();
    Submission row;
    while ((row = window.first()) != null && window.lane.isExpired(row, now)) {
      window.remove(row);
      dropped.accept(row);
    }
    if (window.size() < before) {
      window.lane.refreshOldest();
    }
  }

  private void offer(Window window, long now) {
    if (!window.ready && !window.busy && !window.lane.pauses() && window.ripe(now) != null) {
      window.ready = true;
      window.lane.ready.add(window);
      list(window.lane);
    }
  }

  private void list(Lane lane) {
    if (!lane.listed && lane.hasSlot() && !lane.ready.isEmpty()) {
      lane.listed = true;
      ready.add(lane);
    }
  }

  /** Hurries the window whose first row has waited longest; those not ripe are among the timers. */
  private boolean hurryOldest(long now) {
    Window oldest = null;
    for (Window window : timers) { // a heap: in no order
      if (!window.isEmpty()
          && !window.busy
          && window.lane.hasSlot()
          && !window.lane.pauses()
          && window.ripe(now) == null
          && (oldest == null || waitsLonger(window, oldest))) {
        oldest = window;
      }
    }
    if (oldest == null) {
      return false;
    }
    oldest.hurry(SealReason.PRESSURE);
    offer(oldest, now);
    return true;
  }

  private static boolean waitsLonger(Window window, Window other) {
    Submission first = window.first();
    Submission otherFirst = other.first();
    return first != null && otherFirst != null && first.submittedAt - otherFirst.submittedAt < 0;
  }

  /** Sees to it that the window is looked at in time: by the timer it has, or an earlier one. */
  private void arm(Window window, long now) {
    long at = window.nextLook(now);
    if (at == Loop.NO_DEADLINE || (window.armed && window.wakeAt <= at)) {
      return;
    }
    if (window.armed) {
      timers.remove(window);
    }
    window.wakeAt = at;
    window.armed = true;
    timers.add(window);
  }

  private void forgetIdle() {
    if (lanes.size() < REMEMBERED) {
      return;
    }
    latest = null;
    int forget = REMEMBERED / 8;
    for (Iterator<Lane> it = lanes.values().iterator(); it.hasNext() && forget > 0; ) {
      Lane lane = it.next();
      if (lane.isIdle()) {
        it.remove();
        forgotten = forgotten.plus(lane.stats(0));
        forget--;
      }
    }
  }
}
