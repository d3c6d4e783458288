package io.batchflow.internal.submit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The limits of the flow: rows, bytes and waiters, in one atomic word with the closed bit. Each
 * decision is one atomic step, so that no submission is admitted after the close.
 *
 * <p>A submission takes room when it starts and returns it with its outcome, so one limit covers
 * the inbox, the windows, the batches in flight and those in backoff. While a submission waits, new
 * ones wait behind it, which keeps the order of each thread's submissions. A stream reserves room
 * before its rows arrive. A row that must wait behind others lends them its room.
 *
 * <pre>
 * | closed 1 | waiters 16 | rows 20 | bytes, in units of 64: 27 |
 * </pre>
 */
public final class Admission {

  public static final int MAX_ROWS = (1 << 20) - 1;
  public static final int MAX_WAITERS = (1 << 15) - 1;
  private static final int UNIT = 64;
  public static final long MAX_BYTES = ((1L << 27) - 1) * UNIT;

  private static final long ROW = 1L << 27;
  private static final long WAITER = 1L << 47;
  private static final long CLOSED = 1L << 63;
  private static final int ALL_WAITERS = (1 << 16) - 1;

  /** The answer to a new submission. */
  enum Answer {
    ADMITTED,
    FULL,
    WAIT,
    TOO_MANY_WAITERS,
    CLOSED
  }

  private final AtomicLong word = new AtomicLong();
  private final int maxRows;
  private final int maxUnits;
  private final int maxWaiters;

  Admission(int maxRows, long maxBytes, int maxWaiters) {
    this.maxRows = maxRows;
    this.maxUnits = (int) (maxBytes / UNIT);
    this.maxWaiters = maxWaiters;
  }

  /** Converts bytes to units, rounded up. A row larger than the limit counts as the limit. */
  int units(long bytes) {
    return (int) Math.min((bytes + UNIT - 1) / UNIT, maxUnits);
  }

  /** Takes room for one row, if no submission waits. */
  Answer enter(int units) {
    while (true) {
      long seen = word.get();
      if (seen < 0) {
        return Answer.CLOSED;
      }
      if (waiters(seen) > 0 || !fits(seen, units)) {
        return Answer.FULL;
      }
      if (word.compareAndSet(seen, seen + ROW + units)) {
        return Answer.ADMITTED;
      }
    }
  }

  /** Takes room for one row, or a waiter's place. */
  Answer enterOrWait(int units) {
    while (true) {
      long seen = word.get();
      if (seen < 0) {
        return Answer.CLOSED;
      }
      boolean fits = waiters(seen) == 0 && fits(seen, units);
      if (!fits && waiters(seen) >= maxWaiters) {
        return Answer.TOO_MANY_WAITERS;
      }
      if (word.compareAndSet(seen, seen + (fits ? ROW + units : WAITER))) {
        return fits ? Answer.ADMITTED : Answer.WAIT;
      }
    }
  }

  /**
   * Takes room for a waiting row. Called by the drain only.
   *
   * @param leaves whether this frees a waiter's place
   */
  boolean admitWaiter(int units, boolean leaves) {
    long change = ROW + units - (leaves ? WAITER : 0);
    while (true) {
      long seen = word.get();
      if (!fits(seen, units)) {
        return false;
      }
      if (word.compareAndSet(seen, seen + change)) {
        return true;
      }
    }
  }

  /**
   * Lends the room of a stream's row to the waiters before it. Called by the drain only.
   *
   * @param first whether it is the first such row: all of them share one waiter's place
   */
  void lend(int units, boolean first) {
    word.addAndGet((first ? WAITER : 0) - ROW - units);
  }

  /** Takes a waiter's place for a stream, beyond {@code maxWaiters} if necessary. */
  boolean joinWaiters() {
    while (true) {
      long seen = word.get();
      if (seen < 0
          || waiters(seen) >= ALL_WAITERS - 1) { // one place is for rows that lend their room
        return false;
      }
      if (word.compareAndSet(seen, seen + WAITER)) {
        return true;
      }
    }
  }

  public void leaveWaiters() {
    word.addAndGet(-WAITER);
  }

  /**
   * Reserves room for rows that a stream will request, by their expected size, if no submission
   * waits.
   *
   * @param unitsEach the expected units of a row
   * @return the number of rows for which there was room
   */
  int reserve(int rows, int unitsEach) {
    while (true) {
      long seen = word.get();
      if (seen < 0 || waiters(seen) > 0) {
        return 0;
      }
      int taken = Math.min(rows, room(seen, unitsEach, 0, 0));
      if (taken == 0 || word.compareAndSet(seen, seen + taken * (ROW + unitsEach))) {
        return taken;
      }
    }
  }

  /**
   * Reserves room for a waiting stream. Called by the drain only.
   *
   * @param lentRows the number of rows that have lent their room
   * @param lentUnits the units of those rows
   */
  int reserveForWaiter(int rows, int unitsEach, int lentRows, long lentUnits) {
    while (true) {
      long seen = word.get();
      int taken = seen < 0 ? 0 : Math.min(rows, room(seen, unitsEach, lentRows, lentUnits));
      if (taken == 0 || word.compareAndSet(seen, seen + taken * (ROW + unitsEach))) {
        return taken;
      }
    }
  }

  private int room(long seen, int unitsEach, int lentRows, long lentUnits) {
    long freeRows = (long) maxRows - rows(seen) - lentRows;
    long freeUnits = maxUnits - used(seen) - lentUnits;
    return (int) Math.max(0, Math.min(freeRows, freeUnits / unitsEach));
  }

  /**
   * Charges a requested row of a stream, now that its size is known.
   *
   * @param reserved the units that were reserved for it
   * @return the units charged, never more than are free, since the row is already here
   */
  int charge(int units, int reserved) {
    while (true) {
      long seen = word.get();
      int more = Math.min(units - reserved, Math.max(0, maxUnits - used(seen)));
      if (more == 0 || word.compareAndSet(seen, seen + more)) {
        return reserved + more;
      }
    }
  }

  /** Returns the limit of bytes, in units. */
  int maxUnits() {
    return maxUnits;
  }

  void release(int rows, long units) {
    word.addAndGet(-(rows * ROW + units));
  }

  /** Turns new submissions away from now on. */
  public void close() {
    word.getAndUpdate(seen -> seen | CLOSED);
  }

  public boolean isClosed() {
    return word.get() < 0;
  }

  /** Whether no room is taken and no submission waits. */
  public boolean isEmpty() {
    return (word.get() & ~CLOSED) == 0;
  }

  public int waiters() {
    return waiters(word.get());
  }

  /** Returns whether there is room for fewer than this many rows, or for none. */
  public boolean isFull(int but) {
    return rows(word.get()) + Math.max(1, but) > maxRows;
  }

  /** Returns the used share of the row or byte limit, whichever is higher. */
  public double fullness() {
    long seen = word.get();
    return Math.max((double) rows(seen) / maxRows, (double) used(seen) / maxUnits);
  }

  private boolean fits(long seen, int units) {
    return rows(seen) < maxRows && used(seen) + units <= maxUnits;
  }

  private static int waiters(long word) {
    return (int) (word >>> 47) & ALL_WAITERS;
  }

  private static int rows(long word) {
    return (int) (word >>> 27) & MAX_ROWS;
  }

  private static int used(long word) {
    return (int) word & ((1 << 27) - 1);
  }
}
