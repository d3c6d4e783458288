package io.batchflow.internal.lane;

import io.batchflow.internal.config.TableShare;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one table has of the flow, if its policy limits or reserves that. Any thread takes and
 * returns rows. Only the drain uses the rest.
 */
public final class Share {

  /** The rows that count: with room of the flow, or next for it. */
  private final AtomicInteger rows = new AtomicInteger();

  /** The rows that wait for others of the table to end, and those of all tables. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final AtomicInteger waitingOfAll;

  private volatile int maxRows = Integer.MAX_VALUE;
  private int maxSlots = Integer.MAX_VALUE;
  private int reserved;
  private int inFlight;

  /** The slots that its batches hold. Those that they have lent do not count. */
  private int slots;

  Share(AtomicInteger waitingOfAll) {
    this.waitingOfAll = waitingOfAll;
  }

  void set(TableShare share, int concurrency, int maxPending) {
    maxRows = share.rows(maxPending);
    maxSlots = share.slots(concurrency);
    reserved = share.reserved();
  }

  /** Returns the most rows. */
  public int maxRows() {
    return maxRows;
  }

  /** Counts a row. Returns false if the table has its share. */
  boolean take() {
    while (true) {
      int seen = rows.get();
      if (seen >= maxRows) {
        return false;
      }
      if (rows.compareAndSet(seen, seen + 1)) {
        return true;
      }
    }
  }

  /** Counts a row that was there before the share. */
  void adopt() {
    rows.incrementAndGet();
  }

  /** Rows that counted have ended. */
  void leave(int ended) {
    rows.addAndGet(-ended);
  }

  /** Lets a row wait, unless this many rows of all tables do. */
  boolean startToWait(int most) {
    if (waitingOfAll.incrementAndGet() > most) {
      waitingOfAll.decrementAndGet();
      return false;
    }
    waiting.incrementAndGet();
    return true;
  }

  void stopToWait() {
    waiting.decrementAndGet();
    waitingOfAll.decrementAndGet();
  }

  /** Whether rows wait for others to end. */
  boolean isAwaited() {
    return waiting.get() > 0;
  }

  boolean hasSlot() {
    return inFlight < maxSlots;
  }

  /** Counts batches that have begun, or ended if negative. */
  void inFlight(int more) {
    inFlight += more;
  }

  /** Counts slots that its batches take, or give back if negative. */
  void slots(int more) {
    slots += more;
  }

  /** Returns how many of its reserved slots it has not taken. */
  int owed() {
    return Math.max(0, reserved - slots);
  }
}
