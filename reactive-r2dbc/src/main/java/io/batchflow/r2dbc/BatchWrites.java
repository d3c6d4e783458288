package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.r2dbc.spi.Connection;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes a batch on a connection: looks up its table, and repeats a batch that lost a race or whose
 * table has changed.
 */
final class BatchWrites {

  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final R2dbcFailures failures;
  private final Sessions sessions;
  private final SessionIds sessionIds;
  private final TableCache tables;

  BatchWrites(
      SqlDialect dialect,
      R2dbcDriver driver,
      R2dbcFailures failures,
      Sessions sessions,
      TableCache tables) {
    this.dialect = dialect;
    this.driver = driver;
    this.failures = failures;
    this.sessions = sessions;
    this.sessionIds = new SessionIds(dialect);
    this.tables = tables;
  }

  Mono<BatchResult> write(InFlightWrite write, Batch batch) {
    SqlTable known = tables.of(batch.schema());
    if (known == null) {
      return inSession(
          write,
          batch,
          session ->
              table(session, batch.schema())
                  .flatMap(
                      table ->
                          attempt(
                              write,
                              session,
                              table,
                              batch,
                              Mono.fromSupplier(() -> prepare(table, batch)))));
    }
    PreparedBatch prepared;
    try {
      prepared = prepare(known, batch);
    } catch (RuntimeException rejected) {
      return tables.invalidateIfSuspect(batch, failures.classify(rejected))
          ? inSession(write, batch, session -> writeAnew(write, session, batch, known, rejected))
          : Mono.error(rejected);
    }
    return inSession(
        write, batch, session -> attempt(write, session, known, batch, Mono.just(prepared)));
  }

  private Mono<BatchResult> attempt(
      InFlightWrite write,
      R2dbcSession session,
      SqlTable table,
      Batch batch,
      Mono<PreparedBatch> prepared) {
    return prepared
        .flatMap(ready -> run(write, session, ready))
        .onErrorResume(
            failure -> tables.invalidateIfSuspect(batch, failures.classify(failure)),
            failure -> writeAnew(write, session, batch, table, failure));
  }

  /** Writes a failed batch once more if the table has changed since it was read. */
  private Mono<BatchResult> writeAnew(
      InFlightWrite write, R2dbcSession session, Batch batch, SqlTable before, Throwable failure) {
    return session
        .table(batch.schema())
        .onErrorMap(
            lookUp -> !(lookUp instanceof SqlWriteException),
            lookUp -> failedTwice(failure, lookUp))
        .flatMap(
            now ->
                tables.replace(before, now)
                    ? Mono.defer(() -> run(write, session, prepare(now, batch)))
                    : Mono.error(failure));
  }

  private static Throwable failedTwice(Throwable failure, Throwable lookUp) {
    failure.addSuppressed(lookUp);
    return failure;
  }

  PreparedBatch prepare(SqlTable table, Batch batch) {
    return PreparedBatch.of(dialect, driver, table, batch);
  }

  private Mono<BatchResult> inSession(
      InFlightWrite write, Batch batch, Function<R2dbcSession, Mono<BatchResult>> work) {
    return onConnection(write, batch, connection -> work.apply(sessions.on(connection)));
  }

  /** Does the work of a write on a connection of its own. */
  Mono<BatchResult> onConnection(
      InFlightWrite write, Batch batch, Function<Connection, Mono<BatchResult>> work) {
    return sessions.use(
        batch.schema(),
        write.acquire(sessions.acquire(batch.schema())),
        connection ->
            write
                .on(connection, sessionIds.of(connection), work.apply(connection))
                .doOnError(failures::isReadOnly, failure -> write.giveUp())
                .doOnTerminate(write::ended));
  }

  private Mono<BatchResult> run(InFlightWrite write, R2dbcSession session, PreparedBatch prepared) {
    Schema schema = prepared.batch().schema();
    return write
        .send(Mono.defer(() -> session.run(prepared)))
        .retryWhen(
            Retry.max(SqlFailures.MAX_RACES)
                .filter(failure -> failures.isLostRace(schema, failure))
                .onRetryExhaustedThrow((spec, last) -> last.failure()));
  }

  /** Returns the table of a schema, from the catalog if the writer does not know it yet. */
  Mono<SqlTable> table(R2dbcSession session, Schema schema) {
    SqlTable known = tables.of(schema);
    return known != null ? Mono.just(known) : session.table(schema).doOnNext(tables::remember);
  }
}
