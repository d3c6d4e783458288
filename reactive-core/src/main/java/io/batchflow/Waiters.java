package io.batchflow;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Submissions and streams that wait for room, first come first served, without a thread. Owned by
 * the drain; their number is bounded by {@link Admission}.
 */
final class Waiters {

  private static final long NOBODY = Long.MAX_VALUE;

  private final Settings settings;
  private final Admission admission;
  private final RowEnds ends;
  private final Consumer<Submission> admitted;
  private final EventList line = new EventList();

  /** Since when the first in line has waited, as of the last pass; for any thread. */
  private final AtomicLong since = new AtomicLong(NOBODY);

  private long nextLook = Loop.NO_DEADLINE;

  /**
   * @param admitted takes each submission that has got room
   */
  Waiters(Settings settings, Admission admission, RowEnds ends, Consumer<Submission> admitted) {
    this.settings = settings;
    this.admission = admission;
    this.ends = ends;
    this.admitted = admitted;
  }

  boolean isEmpty() {
    return line.size() == 0;
  }

  void add(Submission submission) {
    line.add(submission);
    nextLook = Math.min(nextLook, deadline(submission));
  }

  void add(UpstreamDemand.RoomWanted wanted, long now) {
    wanted.standsSince(now);
    line.add(wanted);
    if (wanted.isStopped()) {
      remove(wanted);
    }
  }

  void remove(Event waiter) {
    line.remove(waiter);
    admission.leaveWaiters();
  }

  /** Takes a cancelled stream out of the line, if it stands there. */
  void remove(Submission.Receiver stream) {
    for (Event waiter = line.first(); waiter != null; waiter = waiter.next) {
      if (waiter instanceof UpstreamDemand.RoomWanted wanted && wanted.belongsTo(stream)) {
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
              : grant((UpstreamDemand.RoomWanted) first);
      if (!admitted) {
        return;
      }
    }
  }

  private boolean admit(Submission submission) {
    if (submission.is(Submission.WITHDRAWN)) {
      withdraw(submission);
      return true;
    }
    if (!admission.admitWaiter(submission.units)) {
      return false;
    }
    line.remove(submission);
    submission.admitted = true;
    admitted.accept(submission);
    return true;
  }

  private boolean grant(UpstreamDemand.RoomWanted wanted) {
    if (!wanted.takeRoom()) {
      return false;
    }
    remove(wanted);
    wanted.proceed();
    return true;
  }

  /** Takes a cancelled submission out of the line. */
  void withdraw(Submission submission) {
    remove(submission);
    ends.forget(submission);
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
          ends.endWaiter(submission, reason(submission));
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
  void giveUp(Function<Schema, BatchFlowException> reason) {
    Event first;
    while ((first = line.first()) != null) {
      remove(first);
      if (first instanceof Submission submission) {
        ends.endWaiter(submission, reason.apply(submission.request.schema()));
      }
    }
  }

  /** Lets other threads see who is first now. Called at the end of each pass. */
  void publish() {
    Event first = line.first();
    if (first instanceof Submission submission) {
      since.lazySet(submission.submittedAt);
    } else {
      since.lazySet(first == null ? NOBODY : ((UpstreamDemand.RoomWanted) first).since());
    }
  }

  /** Returns how long the first in line has waited; for any thread. */
  Duration longestWait(long now) {
    long first = since.get();
    return first == NOBODY ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - first));
  }

  private long deadline(Submission submission) {
    long wait = settings.maxWait.toNanos();
    Duration delivery = deliveryTimeout(submission);
    return submission.submittedAt + (delivery == null ? wait : Math.min(wait, delivery.toNanos()));
  }

  private BatchFlowException reason(Submission submission) {
    Schema schema = submission.request.schema();
    Duration delivery = deliveryTimeout(submission);
    return delivery != null && delivery.compareTo(settings.maxWait) < 0
        ? new RequestExpiredException(schema.table(), delivery)
        : QueueFullException.waitedTooLong(schema.table(), settings.maxPending, settings.maxWait);
  }

  private @Nullable Duration deliveryTimeout(Submission submission) {
    return settings.policyOf(submission.request.schema()).deliveryTimeout();
  }
}
