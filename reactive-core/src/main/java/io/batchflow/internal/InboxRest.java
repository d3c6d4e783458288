package io.batchflow.internal;

import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.loop.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Decides how many rows may rest in the inbox, because none of them can be sent. Owned by the
 * drain.
 *
 * <p>While no slot is free, a new row can only wait, so it does not wake the drain: the event that
 * frees a slot does. The timer is for the statistics. While the only table has a batch in flight,
 * new rows can only gather: the event that ends the batch wakes the drain.
 */
final class InboxRest {

  private static final int ALL = Integer.MAX_VALUE - 1;

  /** The longest time that rows of the only table stay in the inbox while a batch is in flight. */
  private static final long GATHERS = TimeUnit.MILLISECONDS.toNanos(5);

  /** The most rows that do. */
  private static final int GATHERED = 127;

  private final FlowConfig config;
  private final Lanes lanes;
  private final Slots slots;
  private final long longest;

  InboxRest(FlowConfig config, EventLoop loop, Lanes lanes, Slots slots) {
    this.config = config;
    this.lanes = lanes;
    this.slots = slots;
    this.longest = loop.longestRest();
  }

  /** Returns how many rows may rest after this pass. None may that can expire. */
  int rows(long now) {
    if (longest == 0 || config.policies.expire()) {
      return 0;
    }
    if (!slots.isFree()) {
      return ALL;
    }
    return lanes.onlyGather(GATHERS, now) ? GATHERED : 0;
  }

  /** Returns when the drain looks at them, at the latest. */
  long until(int rows, long now) {
    return switch (rows) {
      case 0 -> EventLoop.NO_DEADLINE;
      case GATHERED -> now + GATHERS;
      default -> now + longest;
    };
  }
}
