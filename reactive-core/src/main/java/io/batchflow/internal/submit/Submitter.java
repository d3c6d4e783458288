package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Inbox;
import io.batchflow.internal.write.Listeners;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * The side of the engine that any thread may use: takes room for a submission and leaves it in the
 * inbox, or turns it away. Nothing here waits, locks or touches the drain's state.
 */
public final class Submitter {

  public final Admission admission;

  /** Submissions that were never admitted. */
  public final LongAdder turnedAway = new LongAdder();

  private final FlowConfig config;
  private final Lanes lanes;
  private final EventLoop loop;
  private final Runnable help;
  private final Listeners listeners;
  private final FlowLog log;
  private final Inbox inbox = new Inbox();

  /** How many events have to lie in the inbox for a row to wake the drain. */
  private volatile int wakesAt = 1;

  /** Whether nothing is in flight, so that whoever runs the next pass may as well start a write. */
  private volatile boolean quiet;

  /** What stopped the flow, if it is a fault of the engine's. */
  private volatile @Nullable Throwable fault;

  public Submitter(
      FlowConfig config, Lanes lanes, EventLoop loop, Listeners listeners, FlowLog log) {
    this.config = config;
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
    InvalidRowException invalid = hashKey(submission);
    if (invalid != null) {
      turnAway(submission, invalid);
      return;
    }
    submission.submittedAt = loop.now();
    submission.bytes = submission.row.estimatedBytes();
    submission.units = admission.units(submission.bytes);
    Admission.Answer answer = admission.enter(submission.units);
    if (answer == Admission.Answer.FULL && config.policyOf(schema).overflow() == Overflow.WAIT) {
      answer = admission.enterOrWait(submission.units);
    }
    submission.admitted = answer == Admission.Answer.ADMITTED;
    switch (answer) {
      case ADMITTED -> postRow(submission);
      case WAIT -> post(submission);
      case CLOSED -> turnAway(submission, closed(schema));
      case FULL -> turnAway(submission, full(schema));
      case TOO_MANY_WAITERS ->
          turnAway(
              submission,
              QueueFullException.tooManyWaiters(
                  schema.table(), config.maxPending, config.maxWaiters));
    }
  }

  /** Turns newcomers away for good after a fault of the engine. */
  public void fail(Throwable fault) {
    this.fault = fault;
    admission.close();
  }

  /** Returns the fault of the engine that stopped the flow, or null. */
  public @Nullable Throwable fault() {
    return fault;
  }

  /** Returns what a newcomer is told of a flow that takes no more. */
  FlowClosedException closed(Schema schema) {
    Throwable stopped = fault;
    return stopped == null
        ? FlowClosedException.submitted(schema.table())
        : FlowClosedException.failed(schema.table(), stopped);
  }

  /** Returns what a row is told that comes when there is no room. */
  QueueFullException full(Schema schema) {
    return QueueFullException.atOnce(schema.table(), config.maxPending);
  }

  /** Returns what a stream is told that finds too many others in line. */
  QueueFullException tooManyStreams() {
    return QueueFullException.tooManyStreams(config.maxPending);
  }

  /** Returns what an admitted row is told that will not be sent. */
  public FlowClosedException notSent(Schema schema) {
    Throwable stopped = fault;
    return stopped == null
        ? FlowClosedException.notSent(schema.table())
        : FlowClosedException.failed(schema.table(), stopped);
  }

  /**
   * Hashes a row's key on its caller's thread, as the drain has the keys of all callers.
   *
   * @return what is wrong with the row; null if nothing is
   */
  @Nullable InvalidRowException hashKey(Submission submission) {
    Row row = submission.row;
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

  private void turnAway(SubmitMono.Single submission, BatchFlowException reason) {
    turnedAway(submission.row, reason, submission.caller()::currentContext);
    submission.turnAway(reason);
  }

  public void turnedAway(
      Row row, BatchFlowException reason, Supplier<? extends ContextView> context) {
    turnedAway.increment();
    tellTurnedAway(row, reason, context);
  }

  void tellTurnedAway(Row row, BatchFlowException reason, Supplier<? extends ContextView> context) {
    if (reason instanceof QueueFullException) {
      log.full(row.schema());
    }
    listeners.turnedAway(row, reason, context);
  }

  /** Gives back room that a stream had taken for rows that will not come. */
  void giveBack(int rows, int units) {
    admission.release(rows, units);
    if (admission.waiters() > 0 || admission.isClosed()) {
      post(new RoomFreed());
    }
  }

  public void post(Event event) {
    inbox.post(event);
    loop.wake();
  }

  /**
   * Leaves an event, on a thread of the flow's scheduler: it may handle the event itself. Not while
   * the flow closes, as the drain logs then, which may block.
   */
  public void postAndHelp(Event event) {
    inbox.post(event);
    if (admission.isClosed()) {
      loop.wake();
    } else {
      loop.help();
    }
  }

  /** Leaves a row that has room. It wakes the drain only if it may go on from there. */
  void postRow(Submission row) {
    if (inbox.post(row) != wakesAt) {
      return;
    }
    if (quiet) {
      config.scheduler.schedule(help);
    } else {
      loop.wake();
    }
  }

  /** Sets how many rows may rest in the inbox, as none can be sent; for the drain alone. */
  public void rest(int rows) {
    wakesAt = rows + 1;
  }

  /** Sets whether nothing is in flight; for the drain alone. */
  public void quiet(boolean nothingInFlight) {
    quiet = nothingInFlight && loop.letsHelp();
  }

  /** Returns all events since the last call; for the drain alone. */
  public @Nullable Event takeAll() {
    return inbox.takeAll();
  }

  /**
   * Runs user code where it may run; on the thread that helps, if one does. For the drain alone.
   */
  public void executeSoon(Runnable task) {
    Runnable other = loop.keep(task);
    if (other != null) {
      execute(other);
    }
  }

  /** Runs user code where it may run. */
  public void execute(Runnable task) {
    config.scheduler.schedule(task);
  }

  public long now() {
    return loop.now();
  }

  /** Room came free outside the drain, which lets waiters in and sees the end of a close. */
  private static final class RoomFreed extends Command {

    @Override
    public void run() {}
  }
}
