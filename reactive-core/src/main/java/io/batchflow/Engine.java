package io.batchflow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The one writer of all mutable state. Any thread posts events; the drain, one pass at a time, lets
 * them happen, seals what can leave and hands it to the {@link WritePath}. It takes no lock and
 * runs no user code: writes, outcomes and listeners run on the flow's scheduler.
 *
 * <pre>
 * admit --room--> inbox --> arrive --> Lanes: windows --seal--> Delivery --> WritePath --> delivered
 *     \--no room--> inbox --> Waiters --room--/                            room back, then callers told
 * </pre>
 */
final class Engine {

  /** Faults after the first, beyond which the loop is ended as it is. */
  private static final int MOST_FAULTS = 3;

  final Settings settings;
  final FlowLog log;
  final Intake intake;
  final Admission admission;
  final Listeners listeners;
  final WritePath path;
  final Lanes lanes;
  final Slots slots;
  final Waiters waiters = new Waiters(this);
  final Streams streams = new Streams(this);
  final Closing closing = new Closing(this);

  private final Loop loop;

  /** Whether rows may lie unseen while no slot is free: none has a deadline to be told of. */
  private final boolean restful;

  private final Epochs epochs = new Epochs();

  /** What this pass leaves to tell; told when room has been made. */
  private final List<Runnable> notices = new ArrayList<>();

  /** What an event of this pass threw. */
  private @Nullable Throwable eventFault;

  private @Nullable Event faultyEvent;
  private int laterFaults;
  private boolean roomFreed;
  private int untold;
  private long now;

  Engine(Settings settings, Loop loop) {
    this.settings = settings;
    this.loop = loop;
    this.restful = loop.longestRest() > 0 && !settings.expires();
    this.slots = new Slots(settings.concurrency);
    this.log = new FlowLog(loop);
    this.listeners = new Listeners(settings.listeners, log);
    this.lanes = new Lanes(settings);
    this.intake = new Intake(settings, lanes, loop, listeners, log);
    this.admission = intake.admission;
    this.path = new WritePath(settings, loop, listeners, log, intake::post);
    loop.start(this::pass);
  }

  Mono<Void> flush() {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> flushed = Sinks.empty();
          intake.post(new Flush(() -> flushed.tryEmitEmpty()));
          return Mono.firstWithSignal(flushed.asMono(), closing.done());
        });
  }

  ProgressMeter progress(@Nullable Long total) {
    return new ProgressMeter(loop, settings.scheduler, closing.done(), total);
  }

  // ---- the drain

  private long pass() {
    try {
      return drain();
    } catch (Throwable fault) {
      return failed(fault);
    }
  }

  /**
   * A fault of ours must not leave callers without an answer: the flow stops. The first fault ends
   * what was not sent and leaves batches in flight their time, another ends those as well.
   */
  private long failed(Throwable fault) {
    try {
      if (intake.fault() == null) {
        intake.fail(fault);
        log.fault(faultyEvent, fault);
        closing.fail(settings.closeTimeout);
      } else if (++laterFaults <= MOST_FAULTS) {
        closing.hurry();
      } else {
        closing.abort();
        return Loop.NO_DEADLINE;
      }
    } catch (Throwable another) {
      if (++laterFaults > MOST_FAULTS) {
        closing.abort();
        return Loop.NO_DEADLINE;
      }
    }
    return now; // the next pass follows at once
  }

  private long drain() throws Throwable {
    now = loop.now();
    intake.rest(false);
    Event event = intake.takeAll();
    while (event != null) {
      Event next = event.next;
      event.next = null;
      guarded(event);
      event = next;
    }
    Throwable fault = eventFault;
    if (fault != null) {
      eventFault = null;
      throw fault;
    }
    do {
      roomFreed = false;
      waiters.admit();
      waiters.expire(now);
      lanes.tick(now, this::drop);
      closing.check(now);
      dispatch();
    } while (roomFreed); // by rows that expired: for waiters, or for close
    slots.publish();
    waiters.publish();
    answerFlushes();
    notices.forEach(intake::execute);
    notices.clear();
    long nextLook = Math.min(closing.deadline(), Math.min(lanes.nextLook(), waiters.nextLook()));
    return restful && !slots.isFree() ? rest(nextLook) : nextLook;
  }

  /**
   * While no slot is free a row can only wait, so its coming wakes nobody: whatever frees a slot is
   * an event that does. A look now and then is for the statistics.
   */
  private long rest(long nextLook) {
    intake.rest(true);
    return Math.min(nextLook, now + loop.longestRest());
  }

  /** A fault in one event must not keep the others from happening. */
  private void guarded(Event event) {
    try {
      event.happen(this);
    } catch (Throwable fault) {
      eventFault = fault;
      faultyEvent = event;
    }
  }

  void arrive(Submission submission) {
    epochs.join(submission);
    if (submission.is(Submission.WITHDRAWN)) {
      if (submission.admitted) {
        lanes.laneOf(submission.request.schema()).admitted();
        drop(submission);
      } else {
        admission.leaveWaiters();
        epochs.leave(submission);
      }
    } else if (submission.admitted) {
      enqueue(submission);
    } else {
      waiters.add(submission);
    }
  }

  void enqueue(Submission submission) {
    if (closing.hasGivenUp() || intake.fault() != null) {
      refuseLate(submission);
      return;
    }
    Epochs.Epoch epoch = submission.epoch;
    boolean flushed = epoch != null && epoch.isClosed();
    SealReason urgency = closing.hasBegun() ? SealReason.CLOSE : flushed ? SealReason.FLUSH : null;
    try {
      lanes.add(submission, urgency, now);
    } catch (Throwable thrown) {
      if (submission.list != null) {
        throw thrown;
      }
      refuse(submission, thrown); // a key whose hashCode throws, for instance
    }
  }

  /** Ends an admitted row that could not be put into a window. */
  private void refuse(Submission submission, Throwable thrown) {
    Schema schema = submission.request.schema();
    lanes.laneOf(schema).admitted();
    if (submission.seal()) {
      end(submission, new RequestRejectedException(schema, 0, thrown));
    } else {
      drop(submission);
    }
  }

  /** A row that was admitted before the close and arrives after its deadline. */
  private void refuseLate(Submission submission) {
    Schema schema = submission.request.schema();
    lanes.laneOf(schema).admitted();
    if (submission.seal()) {
      end(submission, intake.notSent(schema));
    } else {
      drop(submission);
    }
  }

  void withdraw(Submission submission) {
    if (submission.list == null) {
      return; // not arrived yet, or dropped on the way: counted there
    }
    if (submission.admitted) {
      lanes.remove(submission, now);
      drop(submission);
    } else {
      waiters.remove(submission);
      epochs.leave(submission);
    }
  }

  /** Ends an admitted row that left its window unsealed: cancelled, or past its deadline. */
  void drop(Submission submission) {
    Lane lane = lanes.laneOf(submission.request.schema());
    if (submission.seal()) {
      end(submission, lane.expiry());
      return;
    }
    lane.withdrawn();
    release(submission);
  }

  /** Ends an admitted and sealed row that was never sent. */
  void end(Submission submission, BatchFlowException error) {
    submission.end(error);
    lanes.laneOf(submission.request.schema()).ended(submission.status(), 1);
    admission.release(1, submission.units);
    roomFreed = true;
    tellLater(() -> tell(submission, now), submission);
  }

  /** Ends a waiter that found no room; whoever stands behind it may find some. */
  void endWaiter(Submission submission, BatchFlowException error) {
    roomFreed = true;
    if (submission.seal()) {
      submission.end(error);
      intake.turnedAway.increment();
      tellLater(
          () -> {
            intake.tellTurnedAway(submission.request, error, submission.caller()::currentContext);
            tell(submission, now);
          },
          submission);
    } else {
      epochs.leave(submission);
    }
  }

  private void release(Submission submission) {
    admission.release(1, submission.units);
    epochs.leave(submission);
    roomFreed = true;
  }

  private void dispatch() {
    slots.serveLine();
    while (slots.isFree()) {
      // Streams stop asking at their fair share, which leaves less than a row for each.
      boolean pressure = !waiters.isEmpty() || admission.isFull(streams.count());
      Delivery delivery = lanes.seal(now, pressure, this::drop);
      if (delivery == null) {
        return;
      }
      slots.take();
      intake.execute(() -> path.start(delivery));
    }
  }

  /** A delivery's rows have all ended: its slot and its room are free, its callers are told. */
  void delivered(Delivery delivery) {
    tellLater(() -> tell(delivery), delivery.rows()); // first: a fault must not keep it back
    admission.release(delivery.size(), delivery.units());
    slots.ended(delivery);
    delivery.account();
    lanes.finished(delivery, now);
  }

  /** Tells callers on the flow's scheduler; flush and close wait until they were told. */
  private void tellLater(Runnable tell, Submission... rows) {
    untold++;
    notices.add(
        () -> {
          try {
            tell.run();
          } finally {
            intake.post(new Told(rows));
          }
        });
  }

  private void told(Submission[] rows) {
    untold--;
    epochs.leave(rows);
  }

  /** Whether every caller was told of every end so far. */
  boolean allTold() {
    return untold == 0;
  }

  void flushed(Runnable answer) {
    epochs.flush(answer);
    lanes.hurryAll(SealReason.FLUSH, now);
  }

  private void answerFlushes() {
    Runnable answer;
    while ((answer = epochs.nextAnswer()) != null) {
      notices.add(answer);
    }
  }

  /** Returns the clock's time at the start of this pass. */
  long passTime() {
    return now;
  }

  /** Leaves something to do on the flow's scheduler, when this pass has made room. */
  void notice(Runnable notice) {
    notices.add(notice);
  }

  void stop() {
    loop.stop();
  }

  // ---- the flow's scheduler

  /** Rows of a stream that stand together are passed on together. */
  private void tell(Delivery delivery) {
    Submission[] rows = delivery.ended();
    listeners.durable(delivery);
    int to;
    for (int from = 0; from < rows.length; from = to) {
      RequestStream stream = rows[from].stream();
      to = from;
      do {
        listeners.ended(rows[to++]);
      } while (stream != null && to < rows.length && rows[to].stream() == stream);
      if (stream == null) {
        tell(rows[from], delivery.sealedAt);
      } else {
        int first = from;
        int end = to;
        Safely.run(() -> stream.tell(rows, first, end, delivery.sealedAt));
      }
    }
  }

  private static void tell(Submission row, long sealedAt) {
    Safely.run(() -> row.tell(sealedAt));
  }

  /** The callers of rows that ended were told. */
  private static final class Told extends Event {

    private final Submission[] rows;

    Told(Submission[] rows) {
      this.rows = rows;
    }

    @Override
    void happen(Engine engine) {
      engine.told(rows);
    }
  }

  private static final class Flush extends Event {

    private final Runnable answer;

    Flush(Runnable answer) {
      this.answer = answer;
    }

    @Override
    void happen(Engine engine) {
      engine.flushed(answer);
    }
  }
}
