package io.batchflow.internal;

import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.SealReason;
import io.batchflow.control.TableControl;
import io.batchflow.health.FlowHealth;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.lane.Window;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.submit.Entry;
import io.batchflow.internal.submit.OutcomeTeller;
import io.batchflow.internal.submit.PausedRows;
import io.batchflow.internal.submit.Pauses;
import io.batchflow.internal.submit.RowEnds;
import io.batchflow.internal.submit.Streams;
import io.batchflow.internal.submit.Submitter;
import io.batchflow.internal.submit.UpstreamDemand;
import io.batchflow.internal.submit.WaitQueue;
import io.batchflow.internal.write.Listeners;
import io.batchflow.internal.write.WritePath;
import io.batchflow.stats.FlowStats;
import java.util.function.Consumer;

/**
 * The only writer of all mutable state. Any thread posts events. The drain handles them, one pass
 * at a time, seals batches and hands them to the {@link WritePath}. It takes no lock and runs no
 * user code: writes, outcomes and listeners run on the flow's scheduler.
 *
 * <pre>
 * admit --room--> inbox --> arrive --> Lanes: windows --seal--> WritePath --> RowEnds
 *     \--no room--> inbox --> WaitQueue --room--/                room back, then callers told
 * </pre>
 */
public final class Engine {

  public final FlowConfig config;
  public final Submitter submitter;

  /** How rows enter whose callers leave all to the policy. */
  public final Entry entry;

  public final Streams streams;
  public final Listeners listeners;
  public final Shutdown shutdown;
  public final FlowControl control;

  private final EventLoop loop;
  private final Slots slots;
  private final InboxRest rest;
  private final WritePath path;
  private final Lanes lanes;
  private final OutcomeTeller teller;
  private final RowEnds ends;
  private final WaitQueue waiters;
  private final Pauses pauses = new Pauses();
  private final PausedRows held;
  private final StatsCollector stats;
  private final Faults faults;

  /** Kept, since each use of a method reference may allocate. */
  private final Consumer<Event> handler = this::handle;

  private long now;

  public Engine(FlowConfig config, EventLoop loop) {
    this.config = config;
    this.loop = loop;
    FlowLog log = new FlowLog(loop);
    this.listeners = new Listeners(config.listeners, log);
    this.lanes = new Lanes(config);
    this.submitter = new Submitter(config, lanes, loop, listeners, log);
    this.entry = Entry.of(submitter);
    this.streams = new Streams(submitter.admission, config.maxPending);
    this.slots = new Slots(config.concurrency, submitter::post, lanes.shares);
    this.rest = new InboxRest(config, loop, lanes, slots);
    this.path = new WritePath(config, loop, listeners, log, slots, submitter::postAndHelp);
    this.teller = new OutcomeTeller(submitter, listeners);
    this.ends = new RowEnds(submitter, lanes, slots, teller);
    this.waiters = new WaitQueue(config, submitter.admission, ends, this::enqueue);
    this.held = new PausedRows(config, submitter, lanes, ends, pauses, this::addToWindow);
    this.stats = new StatsCollector(config, submitter, waiters, held, pauses, lanes, slots, path);
    this.shutdown =
        new Shutdown(
            submitter,
            new PendingRows(lanes, waiters, held, pauses, ends, path::withdraw),
            streams,
            teller,
            new FlowEnd(config.writer, path, log, loop, () -> stats().ledger()));
    this.control =
        new FlowControl(config, submitter, lanes, waiters, held, pauses, teller, shutdown);
    this.faults = new Faults(config.closeTimeout, submitter, shutdown, log);
    loop.start(this::pass);
  }

  public FlowStats stats() {
    return stats.snapshot();
  }

  /** Returns the control of a table. */
  public TableControl control(String table) {
    return new ReportedControl(control.table(table), listeners, submitter::now, config.scheduler);
  }

  public FlowHealth health() {
    return new HealthCheck(config.healthPolicy, submitter, lanes, pauses, path.backend).health();
  }

  // ---- the drain

  private long pass() {
    try {
      return drain();
    } catch (Throwable fault) {
      submitter.rest(0);
      return faults.failed(fault, now);
    }
  }

  private long drain() throws Throwable {
    now = loop.now();
    Event event = submitter.takeAll();
    while (event != null) {
      Event next = event.next;
      event.next = null;
      faults.guard(event, handler);
      event = next;
    }
    faults.rethrow();
    do {
      held.admit(now);
      waiters.admit();
      held.expire(now);
      waiters.expire(now);
      lanes.tick(now, ends::drop);
      shutdown.check(now);
      dispatch();
    } while (ends.hasFreedRoom()); // by rows that expired: for waiters, or for close
    slots.publish();
    waiters.publish();
    pauses.answer(teller::later);
    teller.publish();
    long nextLook = Math.min(shutdown.deadline(), Math.min(lanes.nextLook(), waiters.nextLook()));
    nextLook = Math.min(nextLook, held.nextLook());
    submitter.quiet(slots.areAllFree());
    int rows = rest.rows(now);
    submitter.rest(rows); // after all else: rows that came during the pass count
    return Math.min(nextLook, rest.until(rows, now));
  }

  private void handle(Event event) {
    if (event instanceof Submission row) {
      arrive(row);
    } else if (event instanceof InFlightBatch batch) {
      ends.end(batch, now);
    } else if (event instanceof Submission.Withdrawal withdrawal) {
      withdraw(withdrawal.row);
    } else if (event instanceof Submission.Cancellation cancellation) {
      withdrawAll(cancellation.receiver);
    } else if (event instanceof UpstreamDemand.RoomWanted wanted) {
      waiters.add(wanted, now);
    } else {
      ((Command) event).run();
    }
  }

  private void arrive(Submission row) {
    teller.expect(row);
    if (row.is(Submission.WITHDRAWN)) {
      if (row.admitted) {
        ends.withdrawBeforeWindow(row);
      } else {
        leaveWaiters(row);
        ends.forget(row);
      }
    } else if (pauses.isDrained(row.row)) {
      turnAway(row, FlowClosedException.drained(row.row.schema().table()));
    } else if (row.waitsForShare || (row.admitted && !waiters.holdBack(row))) {
      enqueue(row);
    } else if (row.receiver() == null && lanes.shares.of(row.row.schema()) != null) {
      submitter.admission.leaveWaiters(); // its table has got a share meanwhile
      held.hold(row);
    } else {
      waiters.add(row);
    }
  }

  private void turnAway(Submission row, FlowClosedException reason) {
    if (row.admitted) {
      ends.endBeforeWindow(row, reason);
    } else {
      leaveWaiters(row);
      ends.endWaiter(row, reason);
    }
  }

  private void leaveWaiters(Submission row) {
    if (!row.waitsForShare) {
      submitter.admission.leaveWaiters();
    }
  }

  private void enqueue(Submission submission) {
    if (shutdown.hasGivenUp() || submitter.fault() != null) {
      turnAway(submission, submitter.refusals.notSent(submission.row.schema()));
      return;
    }
    if (!held.hold(submission)) {
      addToWindow(submission);
    }
  }

  private void addToWindow(Submission submission) {
    boolean flushed = teller.isFlushed(submission);
    SealReason urgency = shutdown.hasBegun() ? SealReason.CLOSE : flushed ? SealReason.FLUSH : null;
    try {
      lanes.add(submission, urgency, now);
    } catch (Throwable thrown) {
      if (submission.list != null) {
        throw thrown;
      }
      // A key whose hashCode throws, for instance.
      ends.endBeforeWindow(
          submission, InvalidRowException.unsendable(submission.row.schema().table(), thrown));
    }
  }

  private void withdraw(Submission row) {
    if (row.list == null) {
      return; // not arrived yet, or dropped on the way: counted there
    }
    Window window = row.window;
    if (window != null) {
      lanes.remove(row, window, now);
      ends.drop(row);
    } else if (!held.withdraw(row)) {
      waiters.withdraw(row);
    }
  }

  private void withdrawAll(Submission.Receiver receiver) {
    waiters.withdraw(receiver);
    held.withdraw(receiver);
    lanes.eachQueued(
        row -> {
          if (row.receiver() == receiver
              && row.moveAlone(Submission.QUEUED, Submission.WITHDRAWN)) {
            withdraw(row);
          }
        });
  }

  private void dispatch() {
    slots.serveLine();
    while (slots.isFree()) {
      // Streams stop requesting at their fair share, which leaves less than a row for each.
      boolean pressure =
          !waiters.isEmpty()
              || submitter.isRoomWanted()
              || submitter.admission.isFull(streams.count());
      InFlightBatch batch = lanes.seal(now, pressure, slots.areOnlyReserved(), ends::drop);
      if (batch == null) {
        return;
      }
      slots.begin(batch);
      submitter.executeSoon(() -> path.start(batch));
    }
  }
}
