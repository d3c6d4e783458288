package io.batchflow.internal;

import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.submit.Submitter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Faults of the engine, which must not leave callers without an answer: the flow stops. The first
 * ends what was not sent and leaves batches in flight their time, another ends those as well. Owned
 * by the drain.
 */
final class Faults {

  /** Faults after the first, beyond which the loop is ended as it is. */
  private static final int MOST = 3;

  private final Duration closeTimeout;
  private final Submitter submitter;
  private final Shutdown shutdown;
  private final FlowLog log;

  /** What an event of this pass threw. */
  private @Nullable Throwable thrown;

  private @Nullable Event faultyEvent;
  private int later;

  Faults(Duration closeTimeout, Submitter submitter, Shutdown shutdown, FlowLog log) {
    this.closeTimeout = closeTimeout;
    this.submitter = submitter;
    this.shutdown = shutdown;
    this.log = log;
  }

  /** Handles an event. What that throws does not keep the others from being handled. */
  void guard(Event event, Consumer<Event> handler) {
    try {
      handler.accept(event);
    } catch (Throwable fault) {
      thrown = fault;
      faultyEvent = event;
    }
  }

  /** Throws what an event of this pass threw. */
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
