package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.internal.lane.ConsecutiveFailures;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.spi.Printable;
import io.batchflow.stats.TableError;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/**
 * Tracks since when writes fail, for each table and for all tables. A row rejected for its content
 * does not count as a failure of the backend. Thread-safe.
 */
public final class BackendHealth {

  /** Of all tables. */
  public final ConsecutiveFailures all = new ConsecutiveFailures();

  private final Scheduler scheduler;
  private final EventLoop clock;
  private final FlowLog log;

  BackendHealth(Scheduler scheduler, EventLoop clock, FlowLog log) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.log = log;
  }

  /** An attempt returned a result. If every row failed individually, it counts as a failure. */
  void answered(BatchSlice slice, BatchResult result, Function<Throwable, FailureKind> classifier) {
    if (slice.isEmpty()) {
      return; // nothing was sent
    }
    Lane lane = slice.inFlight.lane();
    if (result.rejected().size() < slice.batch().size()) {
      succeeded(lane);
      return;
    }
    for (Throwable reason : result.rejected().values()) {
      FailureKind kind = classifier.apply(reason);
      if (!kind.isOfRow()) {
        failed(lane, kind, reason);
        return;
      }
    }
    succeeded(lane);
  }

  void failed(Lane lane, FailureKind kind, Throwable reason) {
    if (kind.isOfRow()) {
      succeeded(lane);
      return;
    }
    long now = clock.now();
    Instant at = Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    all.failed(at, now);
    lane.account.failed(errorOf(lane, kind, reason, at));
    boolean logged = lane.failures.failed(at, now) && log.failing(lane.schema, kind, reason);
    if (logged && !lane.failures.logged()) {
      log.recovered(
          lane.schema, 1, Duration.ofNanos(clock.now() - now)); // another write succeeded meanwhile
    }
  }

  private static TableError errorOf(Lane lane, FailureKind kind, Throwable reason, Instant at) {
    String message = "A write to table '" + lane.schema.table() + "' failed: " + kind;
    return new TableError(at, reason.getClass().getName(), Printable.line(message));
  }

  private void succeeded(Lane lane) {
    all.succeeded();
    ConsecutiveFailures.Failing over = lane.failures.succeeded();
    if (over != null && over.logged()) {
      log.recovered(lane.schema, over.writes(), Duration.ofNanos(clock.now() - over.first()));
    }
  }
}
