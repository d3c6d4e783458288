package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.OutcomeStatus;
import io.batchflow.Schema;
import io.batchflow.stats.Ledger;
import io.batchflow.stats.TableError;
import io.batchflow.stats.TableStats;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The counters of a lane. Only the drain writes them; any thread may read them. */
public final class LaneAccount {

  private static final long NONE = Long.MAX_VALUE;

  private static final int WRITTEN = 0;
  private static final int REJECTED = 1;
  private static final int INVALID = 2;
  private static final int UNKNOWN = 3;
  private static final int NOT_SENT = 4;
  private static final int WITHDRAWN = 5;
  private static final int IN_FLIGHT = 6;
  private static final int BATCHES = 7;
  private static final int BYTES = 8;
  private static final int MERGED = 9;

  /** When rows were submitted, by the flow's clock. */
  private static final int OLDEST_QUEUED = 10;

  private static final int OLDEST_IN_FLIGHT = 11;

  /** In milliseconds since 1970. */
  private static final int LAST_WRITE = 12;

  /** What changes with a batch. In one array, since an idle table should be small. */
  private final AtomicLongArray counts = new AtomicLongArray(13);

  /** What changes with each row; not in the array, whose elements take longer to set. */
  private final AtomicLong admitted = new AtomicLong();

  private final AtomicLong newest = new AtomicLong();

  private final RecentRate rate = new RecentRate();

  private volatile @Nullable TableError lastError;

  LaneAccount() {
    counts.setPlain(OLDEST_QUEUED, NONE);
    counts.setPlain(OLDEST_IN_FLIGHT, NONE);
    counts.setRelease(LAST_WRITE, NONE);
  }

  void admitted(long submittedAt) {
    admitted.lazySet(admitted.getPlain() + 1);
    newest.lazySet(submittedAt);
  }

  public void withdrawn() {
    add(WITHDRAWN, 1);
  }

  /** A batch with this number of rows was sealed. */
  void sealed(int rows, long bytes) {
    add(IN_FLIGHT, rows);
    add(BATCHES, 1);
    add(BYTES, bytes);
  }

  /** All rows of a batch have ended. */
  void finished(int rows) {
    add(IN_FLIGHT, -rows);
  }

  public void ended(OutcomeStatus status, int rows) {
    int count =
        switch (status) {
          case WRITTEN -> WRITTEN;
          case REJECTED -> REJECTED;
          case INVALID -> INVALID;
          case UNKNOWN -> UNKNOWN;
          case NOT_SENT -> NOT_SENT;
        };
    add(count, rows);
  }

  /**
   * Rows of a batch were written.
   *
   * @param millis the time since 1970
   */
  void wrote(int rows, long now, long millis) {
    rate.add(rows, now);
    counts.lazySet(LAST_WRITE, millis);
  }

  /** A write has failed. For any thread. */
  public void failed(TableError error) {
    lastError = error;
  }

  void merged(int rows) {
    add(MERGED, rows);
  }

  /** Sets when the oldest rows were submitted; {@link Long#MAX_VALUE} if there is none. */
  void oldest(long queued, long inFlight) {
    counts.lazySet(OLDEST_QUEUED, queued);
    counts.lazySet(OLDEST_IN_FLIGHT, inFlight);
  }

  TableStats stats(Schema schema, BatchPolicy policy, boolean paused, long now) {
    Ledger ledger = ledger();
    long inFlight = counts.get(IN_FLIGHT);
    long written = counts.get(LAST_WRITE);
    return new TableStats(
        schema,
        policy,
        paused,
        ledger,
        Math.max(0, ledger.pending() - inFlight),
        inFlight,
        counts.get(BATCHES),
        counts.get(BYTES),
        counts.get(MERGED),
        rate.perSecond(now),
        oldestAge(now),
        ledger.isBalanced() ? Duration.ZERO : age(newest.get(), now),
        written == NONE ? null : Instant.ofEpochMilli(written),
        lastError);
  }

  /** Returns the age of the oldest row without an outcome. For any thread. */
  public Duration oldestAge(long now) {
    long oldest = Math.min(counts.get(OLDEST_QUEUED), counts.get(OLDEST_IN_FLIGHT));
    return oldest == NONE ? Duration.ZERO : age(oldest, now);
  }

  private static Duration age(long submittedAt, long now) {
    return Duration.ofNanos(Math.max(0, now - submittedAt));
  }

  /** Returns whether a batch is being written or waits for a retry. For any thread. */
  public boolean isInFlight() {
    return counts.get(IN_FLIGHT) > 0;
  }

  /** Reads outcomes before admissions, so that a snapshot never shows more outcomes. */
  private Ledger ledger() {
    long w = counts.get(WRITTEN);
    long r = counts.get(REJECTED);
    long i = counts.get(INVALID);
    long u = counts.get(UNKNOWN);
    long n = counts.get(NOT_SENT);
    long d = counts.get(WITHDRAWN);
    return new Ledger(admitted.get(), w, r, i, u, n, d);
  }

  /** A plain read and an ordered store are enough, as there is one writer. */
  private void add(int count, long n) {
    counts.lazySet(count, counts.getPlain(count) + n);
  }
}
