package io.batchflow.internal;

import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.submit.Submitter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stops the flow after an internal fault, so that every row still gets its outcome. The first fault
 * ends all rows that were not sent and waits for batches in flight. Another fault ends those as
 * well. Owned by the drain.
 */
final class Faults {

  /** The maximum number of further faults before the loop is aborted. */
  private static final int MOST = 3;

  private final Duration closeTimeout;
  private final Submitter submitter;
  private final Shutdown shutdown;
  private final FlowLog log;

  /** The exception of an event in this pass. */
  private @Nullable Throwable thrown;

  private @Nullable Event faultyEvent;
  private int later;

  Faults(Duration closeTimeout, Submitter submitter, Shutdown shutdown, FlowLog log) {
    this.closeTimeout = closeTimeout;
    this.submitter = submitter;
    this.shutdown = shutdown;
    this.log = log;
  }

  /** Handles an event and keeps its exception, so that the other events are handled too. */
  void guard(Event event, Consumer<Event> handler) {
    try {
      handler.accept(event);
    } catch (Throwable fault) {
      thrown = fault;
      faultyEvent = event;
    }
  }

  /** Throws the exception of an event in this pass. */
  void rethrow() throws Throwable {
    Throwable fault = thrown;
    if (fault != null) {
      thrown = null;
      throw fault;
    }
  }

  /** Stops the flow. Returns when the next pass is due: at once, or never. */
  long failed(Throwable fault, long now) {
    try {
      if (submitter.fault() == null) {
        submitter.fail(fault);
        log.fault(faultyEvent, fault);
        shutdown.fail(closeTimeout, now);
      } else if (++later <= MOST) {
        shutdown.hurry(now);
      } else {
        shutdown.abort();
        return EventLoop.NO_DEADLINE;
      }
    } catch (Throwable another) {
      if (++later > MOST) {
        shutdown.abort();
        return EventLoop.NO_DEADLINE;
      }
    }
    return now;
  }
}
