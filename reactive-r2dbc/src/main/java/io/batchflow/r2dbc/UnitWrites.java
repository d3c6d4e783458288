package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.TableCache;
import io.batchflow.sql.writer.UnitAttempts;
import io.batchflow.sql.writer.UnitRun;
import io.batchflow.sql.writer.UnitTables;
import io.r2dbc.spi.Connection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes the units of a batch in one transaction. A unit whose table cannot be written to is left
 * out and rejected by itself. A unit that fails alone is written once more row by row, so that its
 * bad row is known.
 */
final class UnitWrites {

  private final R2dbcFailures failures;
  private final Sessions sessions;
  private final BatchWrites batches;
  private final TableCache tables;

  UnitWrites(R2dbcFailures failures, Sessions sessions, BatchWrites batches, TableCache tables) {
    this.failures = failures;
    this.sessions = sessions;
    this.batches = batches;
    this.tables = tables;
  }

  Mono<BatchResult> write(InFlightWrite write, Batch units) {
    return batches.onConnection(
        write, units, connection -> new Writing(write, connection, units).next());
  }

  /** Writes one batch on one connection. Used by one subscriber. */
  private final class Writing {

    private final InFlightWrite write;
    private final Connection connection;
    private final Batch units;
    private final UnitAttempts attempts;

    Writing(InFlightWrite write, Connection connection, Batch units) {
      this.write = write;
      this.connection = connection;
      this.units = units;
      this.attempts = new UnitAttempts(units, failures.byCode(), failures::classify, tables);
    }

    Mono<BatchResult> next() {
      return Mono.defer(this::tables).flatMap(this::write);
    }

    private Mono<UnitTables> tables() {
      UnitTables found = new UnitTables(units);
      R2dbcSession session = sessions.on(connection);
      return Flux.fromIterable(found.schemas())
          .concatMap(
              schema ->
                  batches
                      .table(session, schema)
                      .doOnNext(found::add)
                      .then()
                      .onErrorResume(
                          UnitTables::isOfTable,
                          failure -> Mono.fromRunnable(() -> found.leaveOut(schema, failure))))
          .then(Mono.just(found));
    }

    private Mono<BatchResult> write(UnitTables found) {
      List<UnitRun> runs = attempts.runs(found);
      if (runs.isEmpty()) {
        return Mono.just(found.result(0));
      }
      R2dbcSession session = sessions.within(connection);
      Mono<Long> work =
          Flux.fromIterable(runs)
              .concatMap(run -> run(session, found.of(run), run))
              .reduce(0L, Long::sum);
      return write
          .send(TransactionScope.own(connection).atomically(work))
          .map(found::result)
          .onErrorResume(
              failure ->
                  remains(found, failure)
                      .flatMap(remains -> Mono.<BatchResult>error(remains))
                      .switchIfEmpty(Mono.defer(() -> failed(attempts.failed(found, failure)))));
    }

    /** A table may have lost its transactions since it was read. */
    private Mono<Throwable> remains(UnitTables found, Throwable failure) {
      return failures.classify(failure) == FailureKind.UNKNOWN
          ? Mono.empty()
          : Flux.fromIterable(found.all())
              .concatMap(
                  table ->
                      sessions
                          .on(connection)
                          .remains(table, failure)
                          .doOnNext(remains -> tables.forget(table.schema())))
              .next()
              .onErrorComplete();
    }

    private Mono<Long> run(R2dbcSession session, SqlTable table, UnitRun run) {
      return Mono.defer(
              () -> {
                attempts.begin(run);
                return session.run(batches.prepare(table, run.batch()));
              })
          .map(attempts::end);
    }

    private Mono<BatchResult> failed(UnitAttempts.Failed failed) {
      SqlTable suspect = failed.suspect();
      if (failed.again()) {
        return next();
      }
      return suspect == null
          ? Mono.error(failed.reason())
          : hasChanged(suspect, failed.reason())
              .flatMap(changed -> changed ? next() : Mono.error(failed.reason()));
    }

    /** A table that can no longer be found, or no longer be written to, has changed. */
    private Mono<Boolean> hasChanged(SqlTable before, Throwable reason) {
      return sessions
          .on(connection)
          .table(before.schema())
          .map(now -> tables.replace(before, now))
          .onErrorResume(UnitTables::isOfTable, gone -> Mono.just(true))
          .doOnError(reason::addSuppressed)
          .onErrorReturn(false);
    }
  }
}
