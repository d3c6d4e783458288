package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.OutcomeStatus;
import io.batchflow.Schema;
import io.batchflow.stats.Ledger;
import io.batchflow.stats.TableStats;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of a lane. Only the drain writes them; any thread may read them. */
public final class LaneAccount {

  private static final long NONE = Long.MAX_VALUE;

  private final AtomicLong admitted = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong invalid = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private final AtomicLong notSent = new AtomicLong();
  private final AtomicLong withdrawn = new AtomicLong();
  private final AtomicLong sealed = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong merged = new AtomicLong();
  private final AtomicLong oldestQueued = new AtomicLong(NONE);
  private final AtomicLong oldestInFlight = new AtomicLong(NONE);

  void admitted() {
    add(admitted, 1);
  }

  public void withdrawn() {
    add(withdrawn, 1);
  }

  /** A batch with this number of rows was sealed. */
  void sealed(int rows) {
    add(sealed, rows);
    add(batches, 1);
  }

  /** All rows of a batch have ended. */
  void finished(int rows) {
    add(sealed, -rows);
  }

  public void ended(OutcomeStatus status, int rows) {
    switch (status) {
      case WRITTEN -> add(written, rows);
      case REJECTED -> add(rejected, rows);
      case INVALID -> add(invalid, rows);
      case UNKNOWN -> add(unknown, rows);
      case NOT_SENT -> add(notSent, rows);
    }
  }

  void merged(int rows) {
    add(merged, rows);
  }

  /** Sets when the oldest rows were submitted; {@link Long#MAX_VALUE} if there is none. */
  void oldest(long queued, long inFlight) {
    oldestQueued.lazySet(queued);
    oldestInFlight.lazySet(inFlight);
  }

  TableStats stats(Schema schema, BatchPolicy policy, boolean paused, long now) {
    Ledger ledger = ledger();
    long inFlightRows = sealed.get();
    long queued = Math.max(0, ledger.pending() - inFlightRows);
    return new TableStats(
        schema,
        policy,
        paused,
        ledger,
        queued,
        inFlightRows,
        batches.get(),
        merged.get(),
        oldestAge(now));
  }

  /** Returns the age of the oldest row without an outcome. For any thread. */
  public Duration oldestAge(long now) {
    long oldest = Math.min(oldestQueued.get(), oldestInFlight.get());
    return oldest == NONE ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - oldest));
  }

  /** Returns whether a batch is being written or waits for a retry. For any thread. */
  public boolean isInFlight() {
    return sealed.get() > 0;
  }

  /** Reads outcomes before admissions, so that a snapshot never shows more outcomes. */
  private Ledger ledger() {
    long w = written.get();
    long r = rejected.get();
    long i = invalid.get();
    long u = unknown.get();
    long n = notSent.get();
    long d = withdrawn.get();
    return new Ledger(admitted.get(), w, r, i, u, n, d);
  }

  /** A plain read and an ordered store are enough, as there is one writer. */
  private static void add(AtomicLong count, long n) {
    count.lazySet(count.getPlain() + n);
  }
}
