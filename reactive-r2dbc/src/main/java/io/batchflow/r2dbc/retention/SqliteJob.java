package io.batchflow.r2dbc.retention;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** One run of one rule on SQLite: a pass over the table, from row id to row id. */
final class SqliteJob implements Job {

  /** So many rows are looked at for each that may be deleted in a transaction. */
  private static final int LOOKED_AT = 20;

  private final RetentionRule rule;
  private final SqliteSteps steps;
  private final SqliteLookup lookup;
  private final RetentionOptions options;
  private final RunCounts counts;
  private final Pace pace;

  private volatile long after = Long.MIN_VALUE;
  private volatile boolean over;

  SqliteJob(
      RetentionRule rule,
      SqliteSteps steps,
      SqliteLookup lookup,
      RetentionOptions options,
      RunCounts counts) {
    this.rule = rule;
    this.steps = steps;
    this.lookup = lookup;
    this.options = options;
    this.counts = counts;
    this.pace = new Pace(options.batchSize, options.batchTime, options.load);
  }

  /** What a transaction has done, and whether it came to the end of the table. */
  private record Deleted(int rows, long end, boolean last) {}

  @Override
  public Mono<RetentionRun> clean() {
    return timed(
        target ->
            rule.partitionsOnly
                ? Mono.empty()
                : Mono.defer(() -> options.turn().then(Mono.defer(() -> delete(target))))
                    .repeat(() -> !over)
                    .then());
  }

  @Override
  public Mono<RetentionRun> count() {
    return timed(
        target ->
            rule.partitionsOnly
                ? Mono.empty()
                : steps.send(target::count).doOnNext(counts::counted).then());
  }

  private Mono<RetentionRun> timed(Function<SqliteTarget, Mono<Void>> work) {
    return counts.timed(
        options.scheduler,
        steps
            .send(connection -> lookup.find(connection, rule))
            .doOnNext(target -> counts.cutOff(target.moment()))
            .flatMap(work));
  }

  private Mono<Void> delete(SqliteTarget target) {
    int rows = pace.rows();
    return steps
        .send(connection -> delete(connection, target, rows))
        .timed(options.scheduler)
        .flatMap(timed -> learn(rows, timed.get(), timed.elapsed()));
  }

  private Deleted delete(Connection connection, SqliteTarget target, int rows) throws SQLException {
    Long end = target.end(connection, after, rows * LOOKED_AT);
    return end == null
        ? new Deleted(0, after, true)
        : new Deleted(target.delete(connection, after, end, rows), end, false);
  }

  /** If not all that could be deleted were, the same row ids have more. */
  private Mono<Void> learn(int rows, Deleted deleted, Duration took) {
    over = deleted.last();
    if (over) {
      return Mono.empty();
    }
    boolean full = deleted.rows() >= rows;
    if (deleted.rows() > 0) {
      counts.deleted(deleted.rows(), took);
    }
    after = full ? after : deleted.end();
    return Mono.delay(pace.after(took, full), options.scheduler).then();
  }
}
