package io.batchflow.internal.submit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on everything that the flow holds: rows, bytes and waiters, with the closed bit in the
 * same word, so that each decision is one atomic step and nothing slips in between a close and its
 * last look.
 *
 * <p>Room is taken when a submission starts and returned with its outcome, so one bound covers the
 * inbox, the windows, the batches in flight and those in backoff. While anyone waits, newcomers
 * wait behind: a thread's own submissions keep their order. A stream's row has room before it
 * comes; where it must wait behind others, it lends them that room.
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

  /** What a newcomer is told. */
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

  /** Turns bytes into units, rounded up; a row larger than the whole bound counts as the bound. */
  int units(long bytes) {
    return (int) Math.min((bytes + UNIT - 1) / UNIT, maxUnits);
  }

  /** Takes room for one row, if nobody waits before it. */
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
   * Gives a row that waits the room it waited for; called by the drain alone.
   *
   * @param leaves whether a waiter's place comes free with it
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
   * A stream's row lends its room to those who wait before it; called by the drain alone.
   *
   * @param first whether it is the first to do so: all of them have one waiter's place together
   */
  void lend(int units, boolean first) {
    word.addAndGet((first ? WAITER : 0) - ROW - units);
  }

  /** A stream takes a waiter's place; there are places for more streams than threads can have. */
  boolean joinWaiters() {
    while (true) {
      long seen = word.get();
      if (seen < 0 || waiters(seen) >= ALL_WAITERS - 1) { // one is for the rows that lend
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
   * Takes room for rows that a stream is about to ask for, by their expected size, if nobody waits.
   *
   * @param unitsEach what a row of the stream is expected to cost
   * @return for how many rows there was room
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
   * Takes such room for a stream that waits for it; called by the drain alone.
   *
   * @param lentRows how many rows must find room again that have lent theirs
   * @param lentUnits what those rows are charged
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
   * Charges a row that a stream asked for, now that it is there and its size known.
   *
   * @param reserved what was taken for it when it was asked for
   * @return what it is charged: never more than is free, as the row has come already
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

  /** Returns the bound on bytes, in units. */
  int maxUnits() {
    return maxUnits;
  }

  void release(int rows, long units) {
    word.addAndGet(-(rows * ROW + units));
  }

  /** Turns newcomers away from now on. */
  public void close() {
    word.getAndUpdate(seen -> seen | CLOSED);
  }

  public boolean isClosed() {
    return word.get() < 0;
  }

  /** Whether nothing is held and nobody waits. */
  public boolean isEmpty() {
    return (word.get() & ~CLOSED) == 0;
  }

  public int waiters() {
    return waiters(word.get());
  }

  /** Whether fewer than this many rows, or not even one, would still find room. */
  public boolean isFull(int but) {
    return rows(word.get()) + Math.max(1, but) > maxRows;
  }

  /** Returns which part of the rows or of the bytes is taken, whichever is more. */
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
