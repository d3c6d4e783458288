package io.batchflow.internal;

import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Safely;
import io.batchflow.internal.submit.Admission;
import io.batchflow.internal.submit.OutcomeTeller;
import io.batchflow.internal.submit.Streams;
import io.batchflow.internal.submit.Submitter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The flow's end, in two phases: turn away what is new, seal and send what is there; then, at the
 * deadline, end what is left as not sent or unknown. Last the writer is closed and the loop
 * stopped. Each step has a time of its own, so that no subscriber, listener or writer that blocks
 * can hold the end up.
 */
public final class Shutdown extends Command {

  /**
   * Extra time after the deadline: for subscribers to receive outcomes and for the writer to close.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private enum Phase {
    OPEN,
    DRAINING,
    GAVE_UP,
    CLOSES_WRITER,
    CLOSED
  }

  private final Submitter submitter;
  private final Admission admission;
  private final PendingRows pending;
  private final Streams streams;
  private final OutcomeTeller teller;
  private final FlowEnd end;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final Sinks.Empty<Void> done = Sinks.empty();
  private volatile Duration timeout = Duration.ZERO;

  private Phase phase = Phase.OPEN;

  /** The deadline of the present phase. */
  private long deadline = EventLoop.NO_DEADLINE;

  Shutdown(
      Submitter submitter,
      PendingRows pending,
      Streams streams,
      OutcomeTeller teller,
      FlowEnd end) {
    this.submitter = submitter;
    this.admission = submitter.admission;
    this.pending = pending;
    this.streams = streams;
    this.teller = teller;
    this.end = end;
  }

  /** Begins to close, unless that was done before; the first caller's deadline counts. */
  public Mono<Void> close(Duration timeout) {
    return Mono.defer(
        () -> {
          if (asked.compareAndSet(false, true)) {
            this.timeout = timeout;
            admission.close();
            submitter.post(this);
          }
          return done.asMono();
        });
  }

  /** Completes when the flow is closed. */
  public Mono<Void> done() {
    return done.asMono();
  }

  @Override
  public void run() {
    long now = submitter.now();
    if (begin(timeout, now)) {
      pending.hurry(now);
    }
  }

  /** Returns whether it has not begun before. */
  private boolean begin(Duration timeout, long now) {
    if (phase != Phase.OPEN) {
      return false;
    }
    phase = Phase.DRAINING;
    deadline = now + timeout.toNanos();
    teller.later(streams::stopAll);
    return true;
  }

  /** After a fault of the engine: ends what was not sent, and gives what was sent some time. */
  void fail(Duration timeout, long now) {
    asked.set(true);
    admission.close();
    begin(timeout, now);
    pending.endUnsent(submitter::notSent, now);
  }

  /** After another fault: gives up at the next look. */
  void hurry(long now) {
    if (phase == Phase.DRAINING) {
      deadline = now;
    }
  }

  /** Ends the loop whatever is left, when nothing else works. */
  void abort() {
    end.stopLoop();
    done.tryEmitEmpty();
  }

  boolean hasBegun() {
    return phase != Phase.OPEN;
  }

  /** Whether the deadline has passed and what was left has ended. */
  boolean hasGivenUp() {
    return phase.compareTo(Phase.GAVE_UP) >= 0;
  }

  long deadline() {
    return deadline;
  }

  /** Looks whether all has ended, or must. A verdict that races the deadline is waited for. */
  void check(long now) {
    if (phase == Phase.DRAINING && now >= deadline) {
      phase = Phase.GAVE_UP;
      deadline += GRACE.toNanos();
      giveUp(now);
    }
    if (phase == Phase.DRAINING || phase == Phase.GAVE_UP) {
      boolean told = admission.isEmpty() && teller.allTold();
      if (told || (phase == Phase.GAVE_UP && now >= deadline)) {
        closeWriter(now);
      }
    } else if (phase == Phase.CLOSES_WRITER && now >= deadline) {
      // The Scheduler's threads may all be blocked: then nobody has asked the writer yet.
      Safely.run(this::closeWriter);
      closed(new TimeoutException());
    } else if (phase == Phase.CLOSED && admission.isEmpty()) {
      end.stopLoop();
    }
  }

  private void giveUp(long now) {
    if (!admission.isEmpty()) {
      int left = pending.endAll(submitter::notSent, now);
      streams.takeBackAll();
      end.logRowsLeft(left);
    }
  }

  private void closeWriter(long now) {
    long left = phase == Phase.DRAINING ? deadline - now : 0;
    phase = Phase.CLOSES_WRITER;
    deadline = now + Math.max(left, GRACE.toNanos());
    teller.later(this::closeWriter);
  }

  private void closeWriter() {
    end.closeWriter(failure -> submitter.post(new WriterClosed(failure)));
  }

  /**
   * Tells that the flow is closed, on the loop's thread: it has nothing else to do now. The loop
   * runs on if a row that had room is still on its way.
   */
  private void closed(@Nullable Throwable writerFailure) {
    if (phase != Phase.CLOSES_WRITER) {
      return;
    }
    phase = Phase.CLOSED;
    deadline = EventLoop.NO_DEADLINE;
    end.logClosed(writerFailure);
    if (admission.isEmpty()) {
      end.stopLoop();
    }
    done.tryEmitEmpty();
  }

  private final class WriterClosed extends Command {

    private final @Nullable Throwable failure;

    WriterClosed(@Nullable Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void run() {
      closed(failure);
    }
  }
}
