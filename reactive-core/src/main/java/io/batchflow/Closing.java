package io.batchflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The flow's end, in two phases: refuse what is new, seal and send what is there; then, at the
 * deadline, end what is left as not sent or unknown. Last the writer is closed and the loop
 * stopped. Each step has a time of its own, so that no subscriber, listener or writer that blocks
 * can hold the end up.
 */
final class Closing extends Event {

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

  private final Engine engine;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean closesWriter = new AtomicBoolean();
  private final Sinks.Empty<Void> done = Sinks.empty();
  private volatile Duration timeout = Duration.ZERO;

  private Phase phase = Phase.OPEN;

  /** The deadline of the present phase. */
  private long deadline = Loop.NO_DEADLINE;

  Closing(Engine engine) {
    this.engine = engine;
  }

  /** Begins to close, unless that was done before; the first caller's deadline counts. */
  Mono<Void> close(Duration timeout) {
    return Mono.defer(
        () -> {
          if (asked.compareAndSet(false, true)) {
            this.timeout = timeout;
            engine.admission.close();
            engine.intake.post(this);
          }
          return done.asMono();
        });
  }

  /** Completes when the flow is closed. */
  Mono<Void> done() {
    return done.asMono();
  }

  @Override
  void happen(Engine engine) {
    if (begin(timeout)) {
      engine.lanes.hurryAll(SealReason.CLOSE, engine.passTime());
    }
  }

  /** Returns whether it has not begun before. */
  private boolean begin(Duration timeout) {
    if (phase != Phase.OPEN) {
      return false;
    }
    phase = Phase.DRAINING;
    deadline = engine.passTime() + timeout.toNanos();
    engine.notice(engine.streams::stopAll);
    return true;
  }

  /** After a fault of the engine: ends what was not sent, and gives what was sent some time. */
  void fail(Duration timeout) {
    asked.set(true);
    engine.admission.close();
    begin(timeout);
    endUnsent();
  }

  /** After another fault: gives up at the next look. */
  void hurry() {
    if (phase == Phase.DRAINING) {
      deadline = engine.passTime();
    }
  }

  /** Ends the loop whatever is left, when nothing else works. */
  void abort() {
    engine.stop();
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
      giveUp();
    }
    if (phase == Phase.DRAINING || phase == Phase.GAVE_UP) {
      boolean told = engine.admission.isEmpty() && engine.allTold();
      if (told || (phase == Phase.GAVE_UP && now >= deadline)) {
        closeWriter(now);
      }
    } else if (phase == Phase.CLOSES_WRITER && now >= deadline) {
      // The Scheduler's threads may all be blocked: then nobody has asked the writer yet.
      Safely.run(this::closeWriterOnce);
      closed(new TimeoutException());
    } else if (phase == Phase.CLOSED && engine.admission.isEmpty()) {
      engine.stop();
    }
  }

  private void giveUp() {
    if (engine.admission.isEmpty()) {
      return;
    }
    int left = endUnsent();
    for (Lane lane : engine.lanes.all()) {
      for (Delivery delivery : new ArrayList<>(lane.inFlight())) {
        if (delivery.settle()) {
          left += delivery.size();
          delivery.abandon(() -> engine.intake.notSent(lane.schema));
          engine.delivered(delivery);
        }
      }
    }
    engine.streams.takeBackAll();
    engine.log.closedAtDeadline(left);
  }

  /** Ends the rows of which no write has begun, and turns the waiters away. */
  private int endUnsent() {
    int ended = 0;
    for (Lane lane : engine.lanes.all()) {
      for (Window window : lane.windows()) {
        Submission row;
        while ((row = window.first()) != null) {
          window.remove(row);
          ended++;
          if (row.seal()) {
            engine.end(row, engine.intake.notSent(lane.schema));
          } else {
            engine.drop(row);
          }
        }
      }
      for (Delivery delivery : new ArrayList<>(lane.inFlight())) {
        if (delivery.withhold() && delivery.settle()) {
          ended += delivery.size();
          delivery.abandon(() -> engine.intake.notSent(lane.schema));
          engine.delivered(delivery);
        }
      }
    }
    engine.waiters.giveUp();
    return ended;
  }

  private void closeWriter(long now) {
    long left = phase == Phase.DRAINING ? deadline - now : 0;
    phase = Phase.CLOSES_WRITER;
    deadline = now + Math.max(left, GRACE.toNanos());
    engine.notice(this::closeWriterOnce);
  }

  private void closeWriterOnce() {
    if (closesWriter.compareAndSet(false, true)) {
      GuardedMono.guarded(engine.settings.writer::close)
          .subscribe(
              nothing -> {},
              failure -> engine.intake.post(new WriterClosed(failure)),
              () -> engine.intake.post(new WriterClosed(null)));
    }
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
    deadline = Loop.NO_DEADLINE;
    if (writerFailure != null) {
      engine.log.writerNotClosed(writerFailure);
    }
    engine.log.closed(Totals.snapshot(engine).ledger());
    if (engine.admission.isEmpty()) {
      engine.stop();
    }
    done.tryEmitEmpty();
  }

  private final class WriterClosed extends Event {

    private final @Nullable Throwable failure;

    WriterClosed(@Nullable Throwable failure) {
      this.failure = failure;
    }

    @Override
    void happen(Engine engine) {
      closed(failure);
    }
  }
}
