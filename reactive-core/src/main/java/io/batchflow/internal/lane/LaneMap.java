package io.batchflow.internal.lane;

import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lane of each table. Removes idle ones if there are too many. Only the drain writes it; {@link
 * #all()}, {@link #forgotten()} and {@link #keysOf} are for any thread.
 */
public final class LaneMap {

  /** Beyond this number, idle tables are removed. */
  public static final int REMEMBERED = 4_096;

  private final Map<Schema, Lane> lanes = new ConcurrentHashMap<>();
  private final FlowConfig config;
  private final Shares shares;

  private @Nullable Lane latest;

  /** The last result of a look-up by any thread; a race does no harm. */
  private @Nullable Lane recent;

  private volatile Totals forgotten = Totals.NONE;

  LaneMap(FlowConfig config, Shares shares) {
    this.config = config;
    this.shares = shares;
  }

  Collection<Lane> all() {
    return lanes.values();
  }

  /** Returns the counters of the lanes that were removed. */
  Totals forgotten() {
    return forgotten;
  }

  @SuppressWarnings("ReferenceEquality") // a short cut; the map decides by value
  Lane laneOf(Schema schema) {
    Lane lane = latest;
    if (lane == null || lane.schema != schema) {
      lane = lanes.get(schema);
      if (lane == null) {
        forgetIdle();
        lane = new Lane(schema, config.policyOf(schema), config.concurrency);
        shares.join(lane);
        lanes.put(schema, lane);
      }
      latest = lane;
    }
    return lane;
  }

  /**
   * Returns the rule that distributes a table's keys.
   *
   * @return null if they are not distributed, or no rule is known
   */
  @SuppressWarnings("ReferenceEquality") // a short cut; the map decides by value
  @Nullable KeyEquality keysOf(Schema schema) {
    Lane lane = recent;
    if (lane == null || lane.schema != schema) {
      lane = lanes.get(schema);
      if (lane == null) {
        return config.concurrency == 1 || schema.conflictKey().isEmpty()
            ? null
            : config.writer.keyEquality(schema);
      }
      recent = lane;
    }
    return lane.shares() ? lane.keys() : null;
  }

  private void forgetIdle() {
    if (lanes.size() < REMEMBERED) {
      return;
    }
    latest = null;
    int forget = REMEMBERED / 8;
    for (Iterator<Lane> it = lanes.values().iterator(); it.hasNext() && forget > 0; ) {
      Lane lane = it.next();
      if (lane.isForgettable()) {
        it.remove();
        shares.leave(lane);
        forgotten = forgotten.plus(lane.stats(false, 0));
        forget--;
      }
    }
  }
}
