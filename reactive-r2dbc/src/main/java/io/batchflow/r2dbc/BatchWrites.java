package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import io.batchflow.sql.KnownTables;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes a batch on a connection: looks up its table, and repeats a batch that lost a race or that
 * was made for an older form of the table.
 */
final class BatchWrites {

  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final R2dbcFailures failures;
  private final Sessions sessions;
  private final SessionIds sessionIds;
  private final KnownTables tables;

  BatchWrites(
      SqlDialect dialect,
      R2dbcDriver driver,
      R2dbcFailures failures,
      Sessions sessions,
      KnownTables tables) {
    this.dialect = dialect;
    this.driver = driver;
    this.failures = failures;
    this.sessions = sessions;
    this.sessionIds = new SessionIds(dialect);
    this.tables = tables;
  }

  Mono<BatchResult> write(Running running, Batch batch) {
    SqlTable known = tables.of(batch.schema());
    if (known == null) {
      return inSession(
          running,
          batch,
          session ->
              table(session, batch.schema())
                  .flatMap(
                      table ->
                          attempt(
                              running,
                              session,
                              table,
                              batch,
                              Mono.fromSupplier(() -> prepare(table, batch)))));
    }
    PreparedBatch prepared;
    try {
      prepared = prepare(known, batch);
    } catch (RuntimeException refused) {
      return tables.doubts(batch, failures.classify(refused))
          ? inSession(running, batch, session -> writeAnew(running, session, batch, known, refused))
          : Mono.error(refused);
    }
    return inSession(
        running, batch, session -> attempt(running, session, known, batch, Mono.just(prepared)));
  }

  private Mono<BatchResult> attempt(
      Running running,
      R2dbcSession session,
      SqlTable table,
      Batch batch,
      Mono<PreparedBatch> prepared) {
    return prepared
        .flatMap(ready -> run(running, session, ready))
        .onErrorResume(
            failure -> tables.doubts(batch, failures.classify(failure)),
            failure -> writeAnew(running, session, batch, table, failure));
  }

  /** What failed is written once more if the table has changed since it was read. */
  private Mono<BatchResult> writeAnew(
      Running running, R2dbcSession session, Batch batch, SqlTable before, Throwable failure) {
    return session
        .table(batch.schema())
        .onErrorMap(
            lookUp -> !(lookUp instanceof SqlWriteException),
            lookUp -> failedTwice(failure, lookUp))
        .flatMap(
            now ->
                tables.replace(before, now)
                    ? Mono.defer(() -> run(running, session, prepare(now, batch)))
                    : Mono.error(failure));
  }

  private static Throwable failedTwice(Throwable failure, Throwable lookUp) {
    failure.addSuppressed(lookUp);
    return failure;
  }

  private PreparedBatch prepare(SqlTable table, Batch batch) {
    return PreparedBatch.of(dialect, driver, table, batch);
  }

  private Mono<BatchResult> inSession(
      Running running, Batch batch, Function<R2dbcSession, Mono<BatchResult>> work) {
    return sessions.use(
        batch.schema(),
        running.acquire(sessions.acquire(batch.schema())),
        connection ->
            running
                .on(connection, sessionIds.of(connection), work.apply(sessions.on(connection)))
                .doOnError(failures::isReadOnly, failure -> running.giveUp()));
  }

  private Mono<BatchResult> run(Running running, R2dbcSession session, PreparedBatch prepared) {
    Schema schema = prepared.batch().schema();
    return running
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
