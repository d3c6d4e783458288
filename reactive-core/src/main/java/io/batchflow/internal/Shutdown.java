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
 * Closes the flow. It turns new rows away and sends all waiting rows. At the deadline it ends the
 * remaining rows as not sent or unknown. Finally it closes the writer and stops the loop. Each step
 * has a time limit, so that a blocking subscriber, listener or writer cannot delay the end.
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

  /** Starts the close once. The first caller's deadline counts. */
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

  /** Returns whether this call started the close. */
  private boolean begin(Duration timeout, long now) {
    if (phase != Phase.OPEN) {
      return false;
    }
    phase = Phase.DRAINING;
    deadline = now + timeout.toNanos();
    teller.later(streams::stopAll);
    return true;
  }

  /** After an internal fault: ends all rows that were not sent, and waits for batches in flight. */
  void fail(Duration timeout, long now) {
    asked.set(true);
    admission.close();
    begin(timeout, now);
    pending.endUnsent(submitter.refusals::notSent, now);
  }

  /** After another fault: ends everything at the next check. */
  void hurry(long now) {
    if (phase == Phase.DRAINING) {
      deadline = now;
    }
  }

  /** Ends the loop at once, as a last resort. */
  void abort() {
    end.stop();
    done.tryEmitEmpty();
  }

  boolean hasBegun() {
    return phase != Phase.OPEN;
  }

  /** Whether the deadline has passed and all rows have ended. */
  boolean hasGivenUp() {
    return phase.compareTo(Phase.GAVE_UP) >= 0;
  }

  long deadline() {
    return deadline;
  }

  /** Advances to the next phase if its condition or its deadline is reached. */
  void check(long now) {
    if (phase == Phase.DRAINING && now >= deadline) {
      phase = Phase.GAVE_UP;
      deadline += GRACE.toNanos();
      giveUp(now);
    }
    if (phase == Phase.DRAINING || phase == Phase.GAVE_UP) {
      boolean told = isEmpty() && teller.allTold();
      if (told || (phase == Phase.GAVE_UP && now >= deadline)) {
        closeWriter(now);
      }
    } else if (phase == Phase.CLOSES_WRITER && now >= deadline) {
      // All threads of the Scheduler may be blocked, so that the writer was not closed yet.
      Safely.run(this::closeWriter);
      closed(new TimeoutException());
    } else if (phase == Phase.CLOSED && isEmpty()) {
      end.stop();
    }
  }

  private boolean isEmpty() {
    return admission.isEmpty() && !pending.areHeld();
  }

  private void giveUp(long now) {
    if (!isEmpty()) {
      int left = pending.endAll(submitter.refusals::notSent, now);
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
   * Completes the close, on the loop's thread. The loop continues if an admitted row is still to
   * arrive.
   */
  private void closed(@Nullable Throwable writerFailure) {
    if (phase != Phase.CLOSES_WRITER) {
      return;
    }
    phase = Phase.CLOSED;
    deadline = EventLoop.NO_DEADLINE;
    end.logClosed(writerFailure);
    if (isEmpty()) {
      end.stop();
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
