package io.batchflow.r2dbc.retention;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Deletes the expired rows of one part of a table, from the oldest on or page by page. For one
 * subscription.
 */
final class PartCleaning {

  /** So many rows are at least expected on a page. */
  private static final int ROWS_PER_PAGE = 20;

  private final Steps steps;
  private final RetentionSql sql;
  private final Target target;
  private final Part part;
  private final Pace pace;
  private final RunCounts counts;
  private final Scheduler scheduler;

  private volatile String from;
  private volatile long page;
  private volatile boolean over;

  PartCleaning(
      Steps steps,
      RetentionSql sql,
      Target target,
      Part part,
      Pace pace,
      RunCounts counts,
      Scheduler scheduler) {
    this.steps = steps;
    this.sql = sql;
    this.target = target;
    this.part = part;
    this.pace = pace;
    this.counts = counts;
    this.scheduler = scheduler;
    this.from = target.earliest();
    this.over = !part.indexed() && part.pages() == 0;
  }

  /** What a transaction has done. */
  private record Deleted(long rows, String oldest) {}

  /**
   * Deletes all.
   *
   * @param turn completes when the next transaction may begin
   */
  Mono<Void> run(Mono<Void> turn) {
    return Mono.defer(() -> turn.then(Mono.defer(this::delete))).repeat(() -> !over).then();
  }

  private Mono<Void> delete() {
    if (over) {
      return Mono.empty();
    }
    Slice slice = slice();
    return steps
        .change(target, connection -> delete(connection, slice))
        .timed(scheduler)
        .flatMap(timed -> learn(slice, timed.get(), timed.elapsed()));
  }

  private Slice slice() {
    int rows = pace.rows();
    long end = Math.min(part.pages(), page + Math.max(1, rows / ROWS_PER_PAGE));
    return new Slice(from, page, end, rows);
  }

  private Mono<Deleted> delete(Connection connection, Slice slice) {
    String expired = sql.expired(target, slice.from());
    return Mono.defer(
            () ->
                Requests.changed(
                    connection.createStatement(sql.delete(target, part, slice, expired))))
        .flatMap(
            rows -> {
              String oldest = part.indexed() ? sql.oldest(target, part, expired) : null;
              return oldest == null || rows < slice.rows()
                  ? Mono.just(new Deleted(rows, slice.from()))
                  : Requests.first(
                      connection.createStatement(oldest),
                      row ->
                          new Deleted(
                              rows,
                              Objects.requireNonNullElse(row.get(0, String.class), slice.from())));
            });
  }

  private Mono<Void> learn(Slice slice, Deleted deleted, Duration took) {
    boolean full = deleted.rows() >= slice.rows();
    counts.deleted(deleted.rows(), took);
    from = deleted.oldest();
    // If not all that could be deleted were, the same pages have more.
    page = full ? page : slice.endPage();
    over = !full && (part.indexed() || page >= part.pages());
    Duration pause = pace.after(took, full);
    return over ? Mono.empty() : Mono.delay(pause, scheduler).then();
  }
}
