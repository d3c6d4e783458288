package io.batchflow;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Submissions and streams that wait for room, first come first served, without a thread. Owned by
 * the drain; their number is bounded by {@link Admission}.
 */
final class Waiters {

  private static final long NOBODY = Long.MAX_VALUE;

  private final Engine engine;
  private final EventList line = new EventList();

  /** Since when the first in line has waited, as of the last pass; for any thread. */
  private final AtomicLong since = new AtomicLong(NOBODY);

  private long nextLook = Loop.NO_DEADLINE;

  Waiters(Engine engine) {
    this.engine = engine;
  }

  boolean isEmpty() {
    return line.size() == 0;
  }

  void add(Submission submission) {
    line.add(submission);
    nextLook = Math.min(nextLook, deadline(submission));
  }

  void add(Streams.RoomWanted wanted) {
    line.add(wanted);
  }

  void remove(Event waiter) {
    line.remove(waiter);
    engine.admission.leaveWaiters();
  }

  /** Takes a cancelled stream out of the line, if it stands there. */
  void remove(RequestStream stream) {
    for (Event waiter = line.first(); waiter != null; waiter = waiter.next) {
      if (waiter instanceof Streams.RoomWanted wanted && wanted.belongsTo(stream)) {
        remove(waiter);
        return;
      }
    }
  }

  /** Lets in as many as there is room for. */
  void admit() {
    Event first;
    while ((first = line.first()) != null) {
      boolean admitted =
          first instanceof Submission submission
              ? admit(submission)
              : ((Streams.RoomWanted) first).grant(engine);
      if (!admitted) {
        return;
      }
    }
  }

  private boolean admit(Submission submission) {
    if (submission.is(Submission.WITHDRAWN)) {
      engine.withdraw(submission);
      return true;
    }
    if (!engine.admission.admitWaiter(submission.units)) {
      return false;
    }
    line.remove(submission);
    submission.admitted = true;
    engine.enqueue(submission);
    return true;
  }

  /** Turns away those that waited too long. */
  void expire(long now) {
    if (now < nextLook) {
      return;
    }
    nextLook = Loop.NO_DEADLINE;
    Event next;
    for (Event waiter = line.first(); waiter != null; waiter = next) {
      next = waiter.next;
      if (waiter instanceof Submission submission) {
        long deadline = deadline(submission);
        if (now >= deadline) {
          remove(submission);
          engine.endWaiter(submission, reason(submission));
        } else {
          nextLook = Math.min(nextLook, deadline);
        }
      }
    }
  }

  long nextLook() {
    return nextLook;
  }

  /** Turns all away, at the deadline of close. */
  void giveUp() {
    Event first;
    while ((first = line.first()) != null) {
      remove(first);
      if (first instanceof Submission submission) {
        engine.endWaiter(submission, engine.intake.notSent(submission.request.schema()));
      }
    }
  }

  /** Lets other threads see who is first now. Called at the end of each pass. */
  void publish() {
    Event first = line.first();
    if (first instanceof Submission submission) {
      since.lazySet(submission.submittedAt);
    } else {
      since.lazySet(first == null ? NOBODY : ((Streams.RoomWanted) first).since());
    }
  }

  /** Returns how long the first in line has waited; for any thread. */
  Duration longestWait(long now) {
    long first = since.get();
    return first == NOBODY ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - first));
  }

  private long deadline(Submission submission) {
    long wait = engine.settings.maxWait.toNanos();
    Duration delivery = deliveryTimeout(submission);
    return submission.submittedAt + (delivery == null ? wait : Math.min(wait, delivery.toNanos()));
  }

  private BatchFlowException reason(Submission submission) {
    Schema schema = submission.request.schema();
    Settings settings = engine.settings;
    Duration delivery = deliveryTimeout(submission);
    return delivery != null && delivery.compareTo(settings.maxWait) < 0
        ? new RequestExpiredException(schema, delivery)
        : QueueFullException.waitedTooLong(schema, settings.maxPending, settings.maxWait);
  }

  private @Nullable Duration deliveryTimeout(Submission submission) {
    return engine.settings.policyOf(submission.request.schema()).deliveryTimeout();
  }
}
