package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Share;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Inbox;
import io.batchflow.internal.write.Listeners;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * The thread-safe side of the engine: takes room for a submission and posts it to the inbox, or
 * turns it away. It never waits, locks or accesses the drain's state.
 */
public final class Submitter {

  public final Admission admission;

  /** The number of submissions that were turned away. */
  public final LongAdder turnedAway = new LongAdder();

  public final Refusals refusals;

  private final FlowConfig config;
  private final Lanes lanes;
  private final EventLoop loop;
  private final Runnable help;
  private final Listeners listeners;
  private final FlowLog log;
  private final SupportedRows supportedRows;
  private final Inbox inbox = new Inbox();

  /** How many events have to lie in the inbox for a row to wake the drain. */
  private volatile int wakesAt = 1;

  /** Whether nothing is in flight, so that the thread of the next pass may also start a write. */
  private volatile boolean quiet;

  /** Whether rows of a resumed table wait for room. They are not in the queue of waiters. */
  private volatile boolean roomWanted;

  public Submitter(
      FlowConfig config, Lanes lanes, EventLoop loop, Listeners listeners, FlowLog log) {
    this.config = config;
    this.refusals = new Refusals(config);
    this.supportedRows = new SupportedRows(config.writer);
    this.lanes = lanes;
    this.loop = loop;
    this.help = loop::help;
    this.listeners = listeners;
    this.log = log;
    this.admission = new Admission(config.maxPending, config.maxPendingBytes, config.maxWaiters);
  }

  /** Starts a submission: takes room or a waiter's place for it, or turns it away. */
  void admit(SubmitMono.Single submission) {
    Schema schema = submission.row.schema();
    InvalidRowException invalid = checkKey(submission);
    if (invalid != null) {
      turnAway(submission, invalid);
      return;
    }
    submission.submittedAt = loop.now();
    submission.bytes = submission.row.estimatedBytes();
    submission.units = admission.units(submission.bytes);
    Share share = lanes.shares.of(schema);
    if (share != null && !lanes.shares.enter(submission, share)) {
      awaitShare(submission, share);
      return;
    }
    Admission.Answer answer = admission.enter(submission.units);
    if (answer == Admission.Answer.FULL && overflowOf(submission) == Overflow.WAIT) {
      if (share != null) { // where its table's rows wait for the share, so that none overtakes it
        lanes.shares.giveBack(submission);
        awaitShare(submission, share);
        return;
      }
      answer = admission.enterOrWait(submission.units);
    }
    submission.admitted = answer == Admission.Answer.ADMITTED;
    switch (answer) {
      case ADMITTED -> postRow(submission);
      case WAIT -> post(submission);
      case CLOSED -> turnAway(submission, refusals.closed(schema));
      case FULL -> turnAway(submission, refusals.full(schema));
      case TOO_MANY_WAITERS -> turnAway(submission, refusals.tooManyWaiters(schema));
    }
  }

  /** Lets a row whose table has its share wait outside of the room of the flow, if it may. */
  private void awaitShare(SubmitMono.Single submission, Share share) {
    Schema schema = submission.row.schema();
    if (overflowOf(submission) == Overflow.FAIL) {
      turnAway(submission, refusals.shareTaken(schema, share));
    } else if (!lanes.shares.startToWait(submission, config.maxWaiters)) {
      turnAway(submission, refusals.tooManyWaiters(schema));
    } else if (admission.isClosed()) { // looked at last, as the close looks for rows that wait
      turnAway(submission, refusals.closed(schema));
    } else {
      post(submission);
    }
  }

  Overflow overflowOf(SubmitMono.Single submission) {
    Overflow chosen = submission.overflow();
    return chosen == null ? policyOf(submission.row.schema()).overflow() : chosen;
  }

  /** Turns all new submissions away after an internal fault. */
  public void fail(Throwable fault) {
    refusals.stoppedBy(fault);
    admission.close();
  }

  /** Returns the internal fault that stopped the flow, or null. */
  public @Nullable Throwable fault() {
    return refusals.fault();
  }

  /** Returns the policy of a table. */
  BatchPolicy policyOf(Schema schema) {
    return config.policyOf(schema);
  }

  /**
   * Checks that the writer can write a row, and hashes its key on the caller's thread, which
   * relieves the drain.
   *
   * @return the error of the row; null if it is valid
   */
  @Nullable InvalidRowException checkKey(Submission submission) {
    Row row = submission.row;
    InvalidRowException unsupported = supportedRows.check(row);
    if (unsupported != null) {
      return unsupported;
    }
    KeyEquality keys = lanes.keysOf(row.schema());
    try {
      if (keys != null) {
        submission.hashBy(keys);
      }
      return null;
    } catch (RuntimeException | StackOverflowError thrown) {
      String columns = String.join(", ", row.schema().conflictKey());
      return InvalidRowException.unreadable(row.schema().table(), columns, thrown);
    }
  }

  void checkUnits() {
    config.checkUnits("submitTogether");
  }

  private void turnAway(SubmitMono.Single submission, BatchFlowException reason) {
    if (lanes.shares.release(submission)) {
      post(new RoomFreed());
    }
    turnedAway(submission.row, reason, submission.caller()::currentContext);
    submission.turnAway(reason);
  }

  public void turnedAway(
      Row row, BatchFlowException reason, Supplier<? extends ContextView> context) {
    turnedAway.increment();
    tellTurnedAway(row, reason, context);
  }

  void tellTurnedAway(Row row, BatchFlowException reason, Supplier<? extends ContextView> context) {
    reason.initRow(row);
    if (reason instanceof QueueFullException full) {
      log.turnedAway(row.schema(), full);
    }
    listeners.turnedAway(row, reason, context);
  }

  /** Returns room that a stream had reserved for rows that will not come. */
  void giveBack(int rows, int units) {
    admission.release(rows, units);
    if (admission.waiters() > 0 || roomWanted || admission.isClosed()) {
      post(new RoomFreed());
    }
  }

  /** Sets whether rows of a resumed table wait for room. Only for the drain. */
  void wantRoom(boolean wanted) {
    if (wanted != roomWanted) {
      roomWanted = wanted;
    }
  }

  /** Whether rows of a resumed table wait for room. */
  public boolean isRoomWanted() {
    return roomWanted;
  }

  public void post(Event event) {
    inbox.post(event);
    loop.wake();
  }

  /**
   * Posts an event from a thread of the flow's scheduler, which may handle it at once. It does not
   * while the flow closes, since the drain then logs, which may block.
   */
  public void postAndHelp(Event event) {
    inbox.post(event);
    if (admission.isClosed()) {
      loop.wake();
    } else {
      loop.help();
    }
  }

  /** Posts an admitted row. Wakes the drain only if the row may, or must, leave the inbox. */
  void postRow(Submission row) {
    if (inbox.post(row) != wakesAt && row.deliveryMillis() == 0) {
      return;
    }
    if (quiet) {
      config.scheduler.schedule(help);
    } else {
      loop.wake();
    }
  }

  /**
   * Sets how many rows may rest in the inbox, since none can be sent. Requests another pass if more
   * rest there already. Only for the drain.
   */
  public void rest(int rows) {
    if (wakesAt != rows + 1) {
      wakesAt = rows + 1;
    }
    if (inbox.size() > rows) {
      loop.wake();
    }
  }

  /** Sets whether nothing is in flight. Only for the drain. */
  public void quiet(boolean nothingInFlight) {
    quiet = nothingInFlight && loop.letsHelp();
  }

  /** Returns all events since the last call. Called by the drain only. */
  public @Nullable Event takeAll() {
    return inbox.takeAll();
  }

  /**
   * Runs user code outside of the drain, on the helper's thread if there is one. Only for the
   * drain.
   */
  public void executeSoon(Runnable task) {
    Runnable other = loop.keep(task);
    if (other != null) {
      execute(other);
    }
  }

  /** Runs user code on the flow's scheduler. */
  public void execute(Runnable task) {
    config.scheduler.schedule(task);
  }

  public long now() {
    return loop.now();
  }

  /** Returns the time by the clock of the flow's scheduler. */
  Instant wallTime() {
    return Instant.ofEpochMilli(config.scheduler.now(TimeUnit.MILLISECONDS));
  }

  /** Wakes the drain after room became free on another thread. */
  private static final class RoomFreed extends Command {

    @Override
    public void run() {}
  }
}
