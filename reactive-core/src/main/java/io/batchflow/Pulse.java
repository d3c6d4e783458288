package io.batchflow;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/**
 * Follows every attempt to write, and so knows since when the backend fails: for a table, and for
 * all. That a row is refused by its content is an answer, and no failure. For any thread.
 */
final class Pulse {

  /** Of all tables. */
  final Streak all = new Streak();

  private final Scheduler scheduler;
  private final Loop clock;

  Pulse(Scheduler scheduler, Loop clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** An attempt came to a result; where every row failed by itself, it is as good as a failure. */
  void answered(Part part, BatchResult result, Function<Throwable, FailureKind> classifier) {
    if (part.isEmpty()) {
      return; // nothing was sent
    }
    Lane lane = part.delivery.lane();
    if (result.refused().size() < part.batch().size()) {
      succeeded(lane);
      return;
    }
    FailureKind worst = FailureKind.DATA;
    for (Throwable reason : result.refused().values()) {
      FailureKind kind = classifier.apply(reason);
      worst = kind == FailureKind.DATA ? worst : kind;
    }
    failed(lane, worst);
  }

  void failed(Lane lane, FailureKind kind) {
    if (kind == FailureKind.DATA) {
      succeeded(lane);
      return;
    }
    long now = clock.now();
    Instant at = Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    all.failed(at, now);
    lane.streak.failed(at, now);
  }

  private void succeeded(Lane lane) {
    all.succeeded();
    lane.streak.succeeded();
  }
}
