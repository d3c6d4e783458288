package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.config.TableShare;
import io.batchflow.internal.loop.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Share} of each table whose policy has set one, now or before. Only the drain changes
 * it; any thread may look a share up.
 *
 * <p>A slot that a table lacks of those reserved for it is owed. Other tables leave as many slots
 * free as are owed. So a table that lacks one finds one.
 */
public final class Shares {

  private final Map<String, Share> shares = new ConcurrentHashMap<>();
  private final Map<Share, List<Lane>> lanes = new HashMap<>();
  private final List<Share> reserving = new ArrayList<>(2);
  private final AtomicInteger waiting = new AtomicInteger();
  private final int concurrency;
  private final int maxPending;

  /** So that a flow without shares looks none up. */
  private volatile boolean exist;

  private int owed;

  public Shares(FlowConfig config) {
    this.concurrency = config.concurrency;
    this.maxPending = config.maxPending;
    config.policies.shares().forEach(share -> change(share, List.of()));
  }

  /** Returns whether a table has one. */
  public boolean exist() {
    return exist;
  }

  /** Returns the share of a table; null if it has none. */
  public @Nullable Share of(Schema schema) {
    return exist ? shares.get(schema.table()) : null;
  }

  /** Returns those of the tables that have reserved slots. */
  List<Share> reserving() {
    return reserving;
  }

  /**
   * Follows the policy of a table, which has these lanes. Returns whether it had no share before.
   */
  public boolean retune(String table, BatchPolicy policy, List<Lane> present) {
    TableShare share = TableShare.of(table, policy);
    boolean known = shares.containsKey(table);
    if (share.isSet() || known) {
      change(share, present);
    }
    return share.isSet() && !known;
  }

  private void change(TableShare next, List<Lane> present) {
    Share share = shares.get(next.table());
    if (share == null) {
      share = new Share(waiting);
      lanes.put(share, new ArrayList<>(1));
      for (Lane lane : present) {
        adopt(share, lane);
      }
    }
    owed -= share.owed();
    share.set(next, concurrency, maxPending);
    owed += share.owed();
    reserving.remove(share);
    if (next.reserved() > 0) {
      reserving.add(share);
    }
    shares.put(next.table(), share);
    exist = true;
  }

  /** Lets a new lane have what its table has. */
  void join(Lane lane) {
    Share share = of(lane.schema);
    if (share != null) {
      join(share, lane);
    }
  }

  private void join(Share share, Lane lane) {
    lane.share = share;
    lanesOf(share).add(lane);
  }

  /** A lane is forgotten. */
  void leave(Lane lane) {
    if (lane.share != null) {
      lanesOf(lane.share).remove(lane);
    }
  }

  /** Returns the lanes of a table; none if it has no share. */
  List<Lane> lanesOf(@Nullable Share share) {
    return share == null ? List.of() : lanes.getOrDefault(share, List.of());
  }

  /** Lets the other lanes of a table be next. */
  void rotate(Lane lane) {
    List<Lane> all = lanesOf(lane.share);
    if (all.remove(lane)) {
      all.add(lane);
    }
  }

  /** Counts what a lane has. */
  private void adopt(Share share, Lane lane) {
    join(share, lane);
    for (Window window : lane.windows()) {
      for (Event row = window.first(); row != null; row = row.next) {
        adopt(share, (Submission) row);
      }
    }
    for (InFlightBatch batch : lane.inFlight()) {
      for (Submission row : batch.rows()) {
        adopt(share, row);
      }
      share.inFlight(1);
      share.slots(batch.hasLentSlot ? 0 : 1);
    }
  }

  private static void adopt(Share share, Submission row) {
    if (!row.shared) {
      row.shared = true;
      share.adopt();
    }
  }

  /** Lets a new row count, if no other of its table waits. Returns false if it must wait. */
  public boolean enter(Submission row, Share share) {
    return !share.isAwaited() && (row.shared = share.take());
  }

  /**
   * Lets a row count. A row that was accepted in a pause returns beyond the share: it could wait
   * for rows that are behind it. Returns false if the table of another row has its share.
   */
  public boolean take(Submission row, Lane lane) {
    if (lane.share != null && row.counted) {
      adopt(lane.share, row);
    }
    return lane.share == null || row.shared || (row.shared = lane.share.take());
  }

  /** A row no longer counts, and no longer waits. Returns whether that may matter to the drain. */
  public boolean release(Submission row) {
    boolean waited = row.waitsForShare;
    stopToWait(row);
    return giveBack(row) || waited;
  }

  /** A row no longer counts. Returns whether others wait for that. */
  public boolean giveBack(Submission row) {
    Share share = row.shared ? of(row.row.schema()) : null;
    if (share == null) {
      return false;
    }
    row.shared = false;
    share.leave(1);
    return share.isAwaited();
  }

  /** The rows of a batch, all of which count, have ended. */
  public void release(InFlightBatch batch) {
    Share share = batch.lane().share;
    if (share != null) {
      share.leave(batch.size());
    }
  }

  /**
   * Lets a row wait for others of its table, if that has a share.
   *
   * @param most the most rows of all tables that may wait
   * @return whether it waits, or may do so without a share
   */
  public boolean startToWait(Submission row, int most) {
    Share share = row.waitsForShare ? null : of(row.row.schema());
    if (share == null) {
      return true;
    }
    row.waitsForShare = share.startToWait(most);
    return row.waitsForShare;
  }

  /** A row no longer waits. */
  public void stopToWait(Submission row) {
    Share share = row.waitsForShare ? of(row.row.schema()) : null;
    if (share != null) {
      row.waitsForShare = false;
      share.stopToWait();
    }
  }

  /** Whether rows of any table wait for others to end, or are about to. */
  public boolean areAwaited() {
    return waiting.get() > 0;
  }

  /** A batch of a table has begun. */
  void begin(@Nullable Share share) {
    if (share != null) {
      share.inFlight(1);
    }
  }

  /** A batch of a table has ended. */
  void end(@Nullable Share share) {
    if (share != null) {
      share.inFlight(-1);
    }
  }

  /** Batches of a table take slots, or give them back if negative. */
  void slots(@Nullable Share share, int more) {
    if (share != null) {
      owed -= share.owed();
      share.slots(more);
      owed += share.owed();
    }
  }

  /** Returns how many slots are owed. */
  int owed() {
    return owed;
  }

  /** Whether a table may take one of the free slots. */
  boolean mayTake(@Nullable Share share, int free) {
    return free > owed || (free > 0 && share != null && share.owed() > 0);
  }
}
