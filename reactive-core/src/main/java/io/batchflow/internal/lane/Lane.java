package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.KeyEquality;
import io.batchflow.Ordering;
import io.batchflow.Schema;
import io.batchflow.internal.config.TableShare;
import io.batchflow.internal.key.ByBackend;
import io.batchflow.stats.TableStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The windows, the batches in flight and the counters of one table. Only the drain writes it; any
 * thread may read the counters.
 *
 * <p>With order per key, keys are distributed over as many windows as batches may be in flight, and
 * each window has one batch in flight at a time. The backend decides which keys are equal. Until
 * its rule is known, all rows share one window. When the rule changes, the lane sends nothing until
 * nothing is in flight, and then distributes the rows again.
 */
public final class Lane {

  public final Schema schema;

  /** May change while the flow runs. For any thread. */
  public volatile BatchPolicy policy;

  public volatile long maxDelay;
  public final DeliveryTimeouts timeouts;

  /** Windows that can be sealed, in turn. */
  final Deque<Window> ready = new ArrayDeque<>(2);

  /** Its consecutive failed writes. */
  public final ConsecutiveFailures failures = new ConsecutiveFailures();

  public final LateWrites lateWrites = new LateWrites();

  /** Rows that failed alone since a row was last written or rejected. For any thread. */
  public final AtomicInteger failedAlone = new AtomicInteger();

  /** Whether this lane is in the queue of lanes. */
  boolean listed;

  /** Distributes its keys. */
  private final KeyRule rule = new KeyRule();

  private int arrivals;

  /** Lets rows leave although they do not fill a batch. */
  final Pace pace;

  private final boolean ordered;
  private final int flowConcurrency;
  private int maxInFlight;
  private Window[] windows;
  private final List<InFlightBatch> inFlight = new ArrayList<>(2);

  /** What its table has of the flow; null if no policy has limited that. Only for the drain. */
  public @Nullable Share share;

  public final LaneAccount account = new LaneAccount();

  /** The number of rows that are held while the table is paused. */
  private int heldRows;

  /** When the first of them was submitted. */
  private long heldSince = Long.MAX_VALUE;

  public Lane(Schema schema, BatchPolicy policy, int flowConcurrency) {
    this.schema = schema;
    this.policy = policy;
    this.maxDelay = policy.maxDelay().toNanos();
    this.timeouts = new DeliveryTimeouts(schema.table(), policy);
    this.ordered = policy.ordering(schema) == Ordering.PER_KEY && !schema.conflictKey().isEmpty();
    this.pace = new Pace(policy);
    this.flowConcurrency = flowConcurrency;
    this.maxInFlight = TableShare.slots(policy, flowConcurrency);
    this.windows = newWindows();
  }

  private Window[] newWindows() {
    return Stream.generate(() -> new Window(this)).limit(windowsWanted()).toArray(Window[]::new);
  }

  private int windowsWanted() {
    return ordered ? maxInFlight : 1;
  }

  /** Takes another policy. Ordered rows are distributed again if they need more or less windows. */
  void retune(BatchPolicy next, long now) {
    policy = next;
    maxDelay = next.maxDelay().toNanos();
    maxInFlight = TableShare.slots(next, flowConcurrency);
    pace.retune(next);
    timeouts.retune(next);
    for (Window window : windows) {
      window.lookAgain(now);
    }
  }

  /** Whether keys are distributed over several windows. */
  boolean shares() {
    return windows.length > 1;
  }

  /** Returns the rule that distributes keys; null while none is known. For any thread. */
  @Nullable KeyEquality keys() {
    return rule.current();
  }

  /** Whether it waits until nothing is in flight, to distribute its rows again. */
  boolean awaitsShareOut() {
    return rule.changes() || windows.length != windowsWanted();
  }

  /** Returns the window for a new row. */
  Window windowFor(Submission row) {
    if (row.deliveryMillis() > 0 && !timeouts.areMixed()) {
      timeouts.mix();
      for (Window window : windows) {
        window.mixed();
      }
    }
    if (!shares()) {
      return windows[0];
    }
    row.arrival = arrivals++;
    KeyEquality given = row.keys;
    if (given == KeyEquality.byBackend()) {
      rule.onlyBackendTells(isIdle());
    } else if (keys() == null && given != null) {
      compareBy(given);
    }
    share(row);
    return windowOf(row);
  }

  /** Returns the window that a row was put into. */
  private Window windowOf(Submission row) {
    if (!shares() || keys() == null) {
      return windows[0];
    }
    int hash = row.keyHash * 0x9E3779B9;
    return windows[Integer.remainderUnsigned(hash >>> 8, windows.length)];
  }

  /** Hashes a row's key by the lane's rule, unless its caller has. */
  private void share(Submission row) {
    KeyEquality by = keys();
    if (by == null || row.isHashedBy(by)) {
      return;
    }
    try {
      row.hashBy(by);
    } catch (RuntimeException | StackOverflowError ofAValue) {
      row.keys = KeyEquality.byBackend();
      row.keyHash = ByBackend.ANY.hashCode();
    }
    if (row.keys == KeyEquality.byBackend()) {
      rule.onlyBackendTells(isIdle());
    }
  }

  /** Sets the rule that the writer has now. */
  void compareBy(KeyEquality equality) {
    if (shares()) {
      rule.set(equality, isIdle());
    }
  }

  /** Removes and returns all rows, in the order of their arrival. */
  public List<Submission> takeAll() {
    List<Submission> rows = new ArrayList<>();
    for (Window window : windows) {
      Submission row;
      while ((row = window.first()) != null) {
        window.remove(row);
        rows.add(row);
      }
    }
    if (shares()) { // the rows of a single window are in order, and not numbered
      rows.sort((one, other) -> one.arrival - other.arrival); // which may overflow
    }
    rows.forEach(row -> row.arrival = arrivals++);
    return rows;
  }

  /** Changes to the next rule. Returns the windows of these rows, in their order. */
  @SuppressWarnings("ReferenceEquality") // whether it was set again
  List<Window> shareOut(List<Submission> rows) {
    if (windows.length != windowsWanted()) {
      windows = newWindows();
      ready.clear();
    }
    rule.advance();
    KeyEquality by = keys();
    rows.forEach(this::share);
    rule.advance();
    if (keys() != by) { // a row is uncertain, and the rows before it were distributed by the rule
      rows.forEach(this::share);
    }
    return rows.stream().map(this::windowOf).toList();
  }

  public Window[] windows() {
    return windows;
  }

  boolean hasSlot() {
    return inFlight.size() < maxInFlight && (share == null || share.hasSlot());
  }

  /** Whether new rows can only gather: a batch is in flight, or the rows before them wait. */
  boolean onlyGathers(long now) {
    return !inFlight.isEmpty() || (!pace.letsRowsLeave(now) && queued() > 0);
  }

  boolean isIdle() {
    return inFlight.isEmpty() && queued() == 0;
  }

  /** Whether nothing would be lost with it. */
  boolean isForgettable() {
    return isIdle() && heldRows == 0;
  }

  private int queued() {
    int rows = 0;
    for (Window window : windows) {
      rows += window.size();
    }
    return rows;
  }

  public List<InFlightBatch> inFlight() {
    return inFlight;
  }

  void sealed(InFlightBatch batch) {
    batch.windows.forEach(window -> window.busy = ordered);
    inFlight.add(batch);
    pace.left(batch.size(), batch.submittedLast(), batch.sealedAt);
    account.sealed(batch.size(), batch.bytes);
    refreshOldest();
  }

  void finished(InFlightBatch batch, long now) {
    batch.windows.forEach(window -> window.busy = false);
    inFlight.remove(batch);
    pace.returned(queued(), now);
    account.finished(batch.size());
    refreshOldest();
  }

  /** Counts a row as admitted, unless it was counted before it was held. */
  public void admitted(Submission row) {
    if (!row.counted) {
      row.counted = true;
      account.admitted(row.submittedAt);
    }
  }

  /** Notes the rows that are held while the table is paused, and when the first was submitted. */
  public void holds(int rows, long since) {
    heldRows = rows;
    heldSince = since;
    refreshOldest();
  }

  void refreshOldest() {
    long queued = heldSince;
    for (Window window : windows) {
      Submission first = window.first();
      if (first != null) {
        queued = Math.min(queued, first.submittedAt);
      }
    }
    long sent = Long.MAX_VALUE;
    for (InFlightBatch batch : inFlight) {
      sent = Math.min(sent, batch.submittedFirst());
    }
    account.oldest(queued, sent);
  }

  /** For any thread. */
  public TableStats stats(boolean paused, long now) {
    return account.stats(schema, policy, paused, now);
  }
}
