package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.loop.Event;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of all tables. Adds rows to windows, schedules the deadlines of windows, and seals the
 * next batch round-robin. Only the drain uses it, but {@link #all()} and {@link #forgotten()} are
 * for any thread.
 */
public final class Lanes {

  /** The parts of the flow that tables have. */
  public final Shares shares;

  private final LaneMap lanes;
  private final WindowTimers timers = new WindowTimers();
  private final ReadyLanes ready;

  public Lanes(FlowConfig config) {
    this.shares = new Shares(config);
    this.lanes = new LaneMap(config, shares);
    this.ready = new ReadyLanes(shares);
  }

  public Collection<Lane> all() {
    return lanes.all();
  }

  /** Returns the counters of the lanes that were removed. */
  public Totals forgotten() {
    return lanes.forgotten();
  }

  public Lane laneOf(Schema schema) {
    return lanes.laneOf(schema);
  }

  /** Returns the lanes of a table: one for each of its schemas. For any thread. */
  public List<Lane> lanesOf(String table) {
    return lanes.all().stream().filter(lane -> lane.schema.table().equals(table)).toList();
  }

  /** Puts an admitted row into its window. */
  public void add(Submission submission, @Nullable SealReason urgency, long now) {
    Lane lane = laneOf(submission.row.schema());
    Window window = lane.windowFor(submission);
    window.add(submission);
    lane.admitted(submission);
    if (urgency != null) {
      window.hurry(urgency);
    }
    if (window.size() == 1) {
      lane.refreshOldest();
      timers.arm(window, now);
    } else if (lane.timeouts.areMixed()) { // the row may expire before those in front of it
      timers.arm(window, now);
    }
    offer(window, now);
    if (lane.awaitsShareOut()) {
      shareOut(lane, now);
    }
  }

  /** Distributes a lane's rows by its next rule, once nothing of it is in flight. */
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
    look(lane, now);
  }

  /** Checks all windows of a lane. */
  private void look(Lane lane, long now) {
    look(List.of(lane.windows()), now);
    ready.add(lane);
  }

  private void look(List<Window> windows, long now) {
    for (Window window : windows) {
      timers.arm(window, now);
      offer(window, now);
    }
  }

  /**
   * Returns the rule that distributes a table's keys. For any thread.
   *
   * @return null if they are not distributed, or no rule is known
   */
  public @Nullable KeyEquality keysOf(Schema schema) {
    return lanes.keysOf(schema);
  }

  /** Removes a row that is not sealed. The deadline of its window may change. */
  public void remove(Submission row, Window window, long now) {
    window.remove(row);
    window.lane.refreshOldest();
    timers.arm(window, now);
  }

  /** Returns the lane of a row, even if it is not in a window yet. */
  public Lane laneOf(Submission submission) {
    Window window = submission.window;
    return window == null ? laneOf(submission.row.schema()) : window.lane;
  }

  /** Visits every row that is not sealed. The visitor may remove it. */
  public void eachQueued(Consumer<Submission> visitor) {
    for (Lane lane : lanes.all()) {
      for (Window window : lane.windows()) {
        Event next;
        for (Event row = window.first(); row != null; row = next) {
          next = row.next;
          visitor.accept((Submission) row);
        }
      }
    }
  }

  /** Lets all present rows leave without waiting for others. */
  public void hurryAll(SealReason reason, long now) {
    for (Lane lane : lanes.all()) {
      hurry(lane, reason, now);
    }
  }

  /**
   * Seals the next batch.
   *
   * @param pressure whether the flow is full, so that no window may wait for more rows
   * @param reserved whether only tables that lack a reserved slot may seal one
   * @param dropped receives the rows that have expired or were cancelled
   * @return the batch, which counts as in flight from now on; null if there is none to seal
   */
  public @Nullable InFlightBatch seal(
      long now, boolean pressure, boolean reserved, Consumer<Submission> dropped) {
    while (true) {
      Lane lane = ready.poll(reserved);
      if (lane == null) {
        if (reserved || !pressure || !hurryOldest(now)) {
          return null;
        }
        continue;
      }
      Window window = lane.hasSlot() ? lane.ready.poll() : null;
      if (window == null) {
        continue;
      }
      window.ready = false;
      if (lane.awaitsShareOut()
          || window.busy) { // busy: its rows left with those of another window
        continue;
      }
      List<Window> together = BatchCut.windows(window, now);
      together.forEach(each -> expire(each, now, dropped));
      SealReason reason = window.ripe(now);
      InFlightBatch batch = reason == null ? null : BatchCut.of(together, reason, now, dropped);
      if (batch != null) {
        lane.sealed(batch);
      }
      look(together, now);
      ready.add(lane);
      if (batch != null) {
        return batch;
      }
    }
  }

  public void finished(InFlightBatch batch, long now) {
    Lane lane = batch.lane();
    lane.finished(batch, now);
    KeyEquality rule = batch.equality();
    if (rule != null) {
      lane.compareBy(rule);
    }
    if (lane.awaitsShareOut()) {
      shareOut(lane, now);
    } else {
      look(lane, now); // all windows may wait for the lane alone
    }
    shares.lanesOf(lane.share).forEach(ready::add);
  }

  /** Gives a lane another policy, which its next batch follows. */
  public void retune(Lane lane, BatchPolicy policy, long now) {
    lane.retune(policy, now);
    if (lane.awaitsShareOut()) {
      shareOut(lane, now);
    } else {
      look(lane, now);
    }
  }

  /** Lets the present rows of a lane leave without waiting for others. */
  public void hurry(Lane lane, SealReason reason, long now) {
    for (Window window : lane.windows()) {
      window.hurry(reason);
      offer(window, now);
    }
  }

  /** Lets the rows of a table that has its share leave without waiting for others. */
  public void hurry(@Nullable Share share, long now) {
    shares.lanesOf(share).forEach(lane -> hurry(lane, SealReason.PRESSURE, now));
  }

  /** Checks the windows whose deadline has passed. */
  public void tick(long now, Consumer<Submission> dropped) {
    Window window;
    while ((window = timers.next(now)) != null) {
      expire(window, now, dropped);
      offer(window, now);
      timers.arm(window, now);
    }
  }

  /**
   * Returns whether new rows can only gather for some time, because there is one table and a batch
   * of it is in flight.
   */
  public boolean onlyGather(long nanos, long now) {
    if (lanes.all().size() != 1) {
      return false;
    }
    Lane lane = lanes.all().iterator().next();
    return lane.onlyGathers(now) && lane.maxDelay >= 2 * nanos;
  }

  public long nextLook() {
    return timers.nextLook();
  }

  private void expire(Window window, long now, Consumer<Submission> dropped) {
    if (window.lane.timeouts.exist() && window.expire(now, dropped)) {
      window.lane.refreshOldest();
    }
  }

  private void offer(Window window, long now) {
    if (!window.ready
        && !window.busy
        && !window.lane.awaitsShareOut()
        && window.ripe(now) != null) {
      window.ready = true;
      window.lane.ready.add(window);
      ready.add(window.lane);
    }
  }

  /** Hurries the window with the oldest row among those that wait, all of which have a timer. */
  private boolean hurryOldest(long now) {
    Window oldest = timers.longestWaiting(now);
    if (oldest == null) {
      return false;
    }
    oldest.hurry(SealReason.PRESSURE);
    offer(oldest, now);
    return true;
  }
}
