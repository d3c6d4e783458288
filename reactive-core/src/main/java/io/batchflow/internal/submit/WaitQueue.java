package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.DeliveryTimeouts;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventList;
import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A first-in-first-out queue of submissions and streams that wait for room, without blocking
 * threads. Owned by the drain; bounded by {@link Admission}.
 *
 * <p>Rows are admitted in the order of their submission. A stream's row already has room when it
 * arrives, but it queues behind waiting submissions. It lends them its room, since they might
 * otherwise never be admitted. Lent room is not given to streams that want to request rows, so that
 * it returns when the submissions are written.
 */
public final class WaitQueue {

  private static final long NOBODY = Long.MAX_VALUE;

  private final FlowConfig config;
  private final Admission admission;
  private final RowEnds ends;
  private final Consumer<Submission> admitted;
  private final EventList line = new EventList();

  /** Since when the first waiter waits, as of the last pass. Read by any thread. */
  private final AtomicLong since = new AtomicLong(NOBODY);

  private long nextLook = EventLoop.NO_DEADLINE;

  /** Waiting rows, of submissions and of streams. */
  private int rows;

  /** Waiting rows of streams, which have lent their room, and the units of that room. */
  private int lentRows;

  private long lentUnits;

  /**
   * @param admitted receives each submission that gets room
   */
  public WaitQueue(
      FlowConfig config, Admission admission, RowEnds ends, Consumer<Submission> admitted) {
    this.config = config;
    this.admission = admission;
    this.ends = ends;
    this.admitted = admitted;
  }

  public boolean isEmpty() {
    return line.size() == 0;
  }

  public void add(Submission submission) {
    line.add(submission);
    rows++;
    nextLook = Math.min(nextLook, deadline(submission));
  }

  /** Returns whether an admitted row must wait. If so, it lends its room to those before it. */
  public boolean holdBack(Submission row) {
    if (rows == 0 || row.receiver() == null) {
      return false;
    }
    row.admitted = false;
    admission.lend(row.units, lentRows == 0);
    lentRows++;
    lentUnits += row.units;
    return true;
  }

  public void add(UpstreamDemand.RoomWanted wanted, long now) {
    wanted.standsSince(now);
    line.add(wanted);
    if (wanted.isStopped()) {
      remove(wanted);
    }
  }

  void remove(Event waiter) {
    if (hasPlace(waiter)) {
      admission.leaveWaiters();
    }
    unlink(waiter);
  }

  private void unlink(Event waiter) {
    line.remove(waiter);
    if (waiter instanceof Submission row) {
      rows--;
      if (row.receiver() != null) {
        lentRows--;
        lentUnits -= row.units;
      }
    }
  }

  /** Whether a waiter frees a place in the queue. All rows of streams share one place. */
  private boolean hasPlace(Event waiter) {
    boolean streamed = waiter instanceof Submission row && row.receiver() != null;
    return !streamed || lentRows == 1;
  }

  /** Removes a cancelled stream and its rows. */
  public void withdraw(Submission.Receiver stream) {
    Event next;
    for (Event waiter = line.first(); waiter != null; waiter = next) {
      next = waiter.next;
      if (waiter instanceof UpstreamDemand.RoomWanted wanted && wanted.belongsTo(stream)) {
        remove(waiter);
      } else if (waiter instanceof Submission row
          && row.receiver() == stream
          && row.moveAlone(Submission.QUEUED, Submission.WITHDRAWN)) {
        withdraw(row);
      }
    }
  }

  /**
   * Admits waiters while there is room. A stream that finds no room besides the lent room is passed
   * only by rows that must be admitted before the lent room returns.
   */
  public void admit() {
    boolean streamWaits = false;
    Event next;
    for (Event waiter = line.first(); waiter != null; waiter = next) {
      next = waiter.next;
      if (waiter instanceof Submission submission) {
        if (!admit(submission)) {
          return;
        }
      } else if (!streamWaits) {
        streamWaits = !grant((UpstreamDemand.RoomWanted) waiter);
      }
      if (streamWaits && lentRows == 0) {
        return;
      }
    }
  }

  private boolean admit(Submission submission) {
    if (submission.is(Submission.WITHDRAWN)) {
      withdraw(submission);
      return true;
    }
    if (!admission.admitWaiter(submission.units, hasPlace(submission))) {
      return false;
    }
    unlink(submission);
    submission.admitted = true;
    admitted.accept(submission);
    return true;
  }

  private boolean grant(UpstreamDemand.RoomWanted wanted) {
    if (!wanted.takeRoom(lentRows, lentUnits)) {
      return false;
    }
    remove(wanted);
    wanted.proceed();
    return true;
  }

  /** Removes a cancelled submission. */
  public void withdraw(Submission submission) {
    remove(submission);
    ends.forget(submission);
  }

  /** Removes and returns the submissions for a table, in their order. Rows of streams stay. */
  public List<Submission> take(String table) {
    List<Submission> taken = new ArrayList<>();
    eachOf(table, taken::add);
    taken.removeIf(row -> row.receiver() != null);
    taken.forEach(this::remove);
    return taken;
  }

  /** Visits the waiting rows of a table. */
  public void eachOf(String table, Consumer<Submission> visitor) {
    for (Event waiter = line.first(); waiter != null; waiter = waiter.next) {
      if (waiter instanceof Submission row && row.row.schema().table().equals(table)) {
        visitor.accept(row);
      }
    }
  }

  /** Turns away submissions that waited too long. */
  public void expire(long now) {
    if (now < nextLook) {
      return;
    }
    nextLook = EventLoop.NO_DEADLINE;
    Event next;
    for (Event waiter = line.first(); waiter != null; waiter = next) {
      next = waiter.next;
      if (waiter instanceof Submission submission) {
        long deadline = deadline(submission);
        if (now >= deadline) {
          remove(submission);
          ends.endWaiter(submission, reason(submission));
        } else {
          nextLook = Math.min(nextLook, deadline);
        }
      }
    }
  }

  /** The deadlines have changed: the next look is at all waiters. */
  public void lookAgain(long now) {
    nextLook = now;
  }

  public long nextLook() {
    return nextLook;
  }

  /** Turns all waiters away, at the deadline of close. */
  public void giveUp(Function<Schema, BatchFlowException> reason) {
    Event first;
    while ((first = line.first()) != null) {
      remove(first);
      if (first instanceof Submission submission) {
        ends.endWaiter(submission, reason.apply(submission.row.schema()));
      }
    }
  }

  /** Publishes the first waiter for other threads. Called at the end of each pass. */
  public void publish() {
    Event first = line.first();
    if (first instanceof Submission submission) {
      since.lazySet(submission.submittedAt);
    } else {
      since.lazySet(first == null ? NOBODY : ((UpstreamDemand.RoomWanted) first).since());
    }
  }

  /** Returns how long the first waiter has waited. Thread-safe. */
  public Duration longestWait(long now) {
    long first = since.get();
    return first == NOBODY ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - first));
  }

  /** A stream's row was requested with room, so only its timeout deadline applies. */
  private long deadline(Submission submission) {
    long timeout = deliveryTimeout(submission);
    if (submission.receiver() == null) {
      return submission.submittedAt + Math.min(config.maxWait.toNanos(), timeout);
    }
    return timeout == DeliveryTimeouts.NONE
        ? EventLoop.NO_DEADLINE
        : submission.submittedAt + timeout;
  }

  private BatchFlowException reason(Submission submission) {
    String table = submission.row.schema().table();
    long timeout = deliveryTimeout(submission);
    boolean streamed = submission.receiver() != null;
    return streamed || timeout < config.maxWait.toNanos()
        ? new RowExpiredException(table, Duration.ofNanos(timeout))
        : QueueFullException.waitedTooLong(table, config.maxPending, config.maxWait);
  }

  private long deliveryTimeout(Submission submission) {
    return DeliveryTimeouts.timeoutOf(submission, config.policyOf(submission.row.schema()));
  }
}
