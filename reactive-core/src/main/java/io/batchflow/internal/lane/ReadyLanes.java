package io.batchflow.internal.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The lanes that can seal a batch, in turn. Only the drain uses it. */
final class ReadyLanes {

  private final Deque<Lane> lanes = new ArrayDeque<>();
  private final Shares shares;

  ReadyLanes(Shares shares) {
    this.shares = shares;
  }

  /** Adds a lane, if it is not here and can seal a batch. */
  void add(Lane lane) {
    if (!lane.listed && lane.hasSlot() && !lane.ready.isEmpty()) {
      lane.listed = true;
      lanes.add(lane);
    }
  }

  /**
   * Removes and returns the next lane; null if there is none.
   *
   * @param reserved whether only a table that lacks a reserved slot may have the next
   */
  @Nullable Lane poll(boolean reserved) {
    Lane lane = reserved ? removeOwed() : lanes.poll();
    if (lane != null) {
      lane.listed = false;
    }
    return lane;
  }

  private @Nullable Lane removeOwed() {
    for (Share share : shares.reserving()) {
      if (share.owed() > 0) {
        for (Lane lane : shares.lanesOf(share)) {
          if (lane.listed) {
            lanes.remove(lane);
            shares.rotate(lane);
            return lane;
          }
        }
      }
    }
    return null;
  }
}
