package io.batchflow.r2dbc.retention;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** One run of one rule over R2DBC. */
final class RetentionJob implements Job {

  private static final int DROPS = 5;
  private static final Duration BETWEEN_DROPS = Duration.ofSeconds(1);

  private final RetentionRule rule;
  private final Steps steps;
  private final RetentionSql sql;
  private final TargetLookup lookup;
  private final RetentionOptions options;
  private final Scheduler scheduler;
  private final RunCounts counts;
  private final Pace pace;

  RetentionJob(
      RetentionRule rule,
      Steps steps,
      RetentionSql sql,
      TargetLookup lookup,
      RetentionOptions options,
      RunCounts counts) {
    this.rule = rule;
    this.steps = steps;
    this.sql = sql;
    this.lookup = lookup;
    this.options = options;
    this.scheduler = options.scheduler;
    this.counts = counts;
    this.pace = new Pace(options.batchSize, options.batchTime, options.load);
  }

  @Override
  public Mono<RetentionRun> clean() {
    return timed(
        target ->
            steps
                .query(connection -> sql.expired(connection, target))
                .flatMapIterable(partitions -> partitions)
                .concatMap(partition -> drop(target, partition))
                .then(rule.partitionsOnly ? Mono.empty() : Mono.defer(() -> delete(target))));
  }

  @Override
  public Mono<RetentionRun> count() {
    return timed(
        target ->
            steps
                .query(connection -> sql.expired(connection, target))
                .doOnNext(partitions -> counts.countedPartitions(partitions.size()))
                .then(rule.partitionsOnly ? Mono.empty() : Mono.defer(() -> count(target))));
  }

  private Mono<RetentionRun> timed(Function<Target, Mono<Void>> work) {
    return counts.timed(
        scheduler,
        steps
            .query(connection -> lookup.find(connection, rule))
            .doOnNext(target -> counts.cutOff(target.moment()))
            .flatMap(work));
  }

  /** A partition that somebody reads for long is left for the next run. */
  private Mono<Void> drop(Target target, Partition partition) {
    return steps
        .once(target, connection -> sql.drop(connection, target, partition))
        .retryWhen(
            Retry.fixedDelay(DROPS, BETWEEN_DROPS)
                .scheduler(scheduler)
                .filter(steps::isLostRace)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
        .doOnNext(
            dropped -> {
              if (dropped) {
                counts.dropped();
              }
            })
        .onErrorResume(
            steps::isLostRace,
            busy -> {
              counts.locked();
              return Mono.empty();
            })
        .then();
  }

  private Flux<Part> parts(Target target) {
    return steps
        .query(connection -> sql.parts(connection, target, rule.table))
        .flatMapIterable(parts -> parts);
  }

  private Mono<Void> delete(Target target) {
    return parts(target)
        .concatMap(
            part ->
                new PartCleaning(steps, sql, target, part, pace, counts, scheduler)
                    .run(options.turn()))
        .then();
  }

  private Mono<Void> count(Target target) {
    return parts(target)
        .concatMap(
            part ->
                steps.query(
                    connection -> sql.inZone(connection, target, count(connection, target, part))))
        .doOnNext(counts::counted)
        .then();
  }

  private Mono<Long> count(Connection connection, Target target, Part part) {
    return Mono.defer(
        () ->
            Requests.first(
                connection.createStatement(sql.count(part, sql.expired(target, target.earliest()))),
                row -> Objects.requireNonNull(row.get(0, Number.class)).longValue()));
  }
}
