package io.batchflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The flow's end, in two phases: refuse what is new, seal and send what is there; then, at the
 * deadline, end what is left as not sent or unknown. Last the writer is closed and the loop
 * stopped.
 */
final class Closing extends Event {

  /** What callers get to take their word, and the writer at least to close, however late it is. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Engine engine;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final Sinks.Empty<Void> done = Sinks.empty();
  private volatile Duration timeout = Duration.ZERO;

  private boolean begun;
  private boolean gaveUp;
  private boolean ended;
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
    begun = true;
    deadline = engine.passTime() + timeout.toNanos();
    engine.lanes.hurryAll(SealReason.CLOSE, engine.passTime());
    engine.notice(engine.streams::stopAll);
  }

  boolean hasBegun() {
    return begun;
  }

  /** Whether the deadline has passed and what was left has ended. */
  boolean hasGivenUp() {
    return gaveUp;
  }

  long deadline() {
    if (ended) {
      return Loop.NO_DEADLINE;
    }
    return gaveUp ? deadline + GRACE.toNanos() : deadline;
  }

  /** Looks whether all has ended, or must. A verdict that races the deadline is waited for. */
  void check(long now) {
    if (!begun || ended) {
      return;
    }
    if (!gaveUp && now >= deadline && !engine.admission.isEmpty()) {
      gaveUp = true;
      giveUp();
    }
    boolean told = engine.allTold() || (gaveUp && now >= deadline + GRACE.toNanos());
    if (engine.admission.isEmpty() && told) {
      ended = true;
      end(now);
    }
  }

  private void giveUp() {
    int left = 0;
    for (Lane lane : engine.lanes.all()) {
      for (Window window : lane.windows()) {
        Submission row;
        while ((row = window.first()) != null) {
          window.remove(row);
          left++;
          if (row.seal()) {
            engine.end(row, FlowClosedException.notSent(lane.schema));
          } else {
            engine.drop(row);
          }
        }
      }
      for (Delivery delivery : new ArrayList<>(lane.inFlight())) {
        if (delivery.settle()) {
          left += delivery.size();
          delivery.abandon();
          engine.delivered(delivery);
        }
      }
    }
    engine.waiters.giveUp();
    engine.streams.takeBackAll();
    engine.log.closedAtDeadline(left);
  }

  private void end(long now) {
    Duration left = Duration.ofNanos(Math.max(0, deadline - now));
    Duration bound = left.compareTo(GRACE) > 0 ? left : GRACE;
    engine.notice(
        () ->
            Mono.defer(engine.settings.writer::close)
                .timeout(bound, engine.settings.scheduler)
                .onErrorResume(
                    failure -> {
                      engine.log.writerNotClosed(failure);
                      return Mono.empty();
                    })
                .publishOn(engine.settings.scheduler)
                .subscribe(nothing -> {}, failure -> stop(), this::stop));
  }

  private void stop() {
    engine.stop();
    engine.log.closed(Totals.snapshot(engine).ledger());
    done.tryEmitEmpty();
  }
}
