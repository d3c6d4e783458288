package io.batchflow.r2dbc;

import io.batchflow.BackendError;
import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriteException;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.RowRejectedException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.r2dbc.spi.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes rows in the transaction of a caller, in the order of their submission. Begins, commits and
 * closes nothing.
 */
final class TransactionWrites {

  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final R2dbcFailures failures;
  private final CallersTables tables;

  /**
   * @param driver not the one of the writer's connections, as it learns what a driver can do
   */
  TransactionWrites(SqlDialect dialect, R2dbcDriver driver, R2dbcFailures failures) {
    this.dialect = dialect;
    this.driver = driver;
    this.failures = failures;
    this.tables = new CallersTables(dialect);
  }

  Flux<Outcome<Row>> write(
      Connection connection, Publisher<? extends Row> rows, BatchPolicy policy) {
    return Flux.defer(
        () -> {
          CallersBatches batches = new CallersBatches(dialect, driver, failures, connection);
          Mono<TableCache> known = tables.in(batches.session()).cache();
          return Flux.from(rows)
              .map(this::checked)
              .bufferUntil(new RowRuns(policy), true)
              .map(run -> batch(run, policy))
              // A failure of the source must not cancel the statement that runs.
              .concatMapDelayError(
                  batch ->
                      connection.isAutoCommit()
                          ? Mono.error(
                              failed(batch, SqlWriteException.notInTransaction(batch.schema())))
                          : known
                              .onErrorMap(failure -> failed(batch, failure))
                              .flatMapMany(cache -> write(batches, cache, batch)),
                  /* delayUntilEnd= */ false,
                  /* prefetch= */ 1);
        });
  }

  private static Batch batch(List<Row> rows, BatchPolicy policy) {
    Schema schema = rows.get(0).schema();
    return new Batch(schema, rows, policy.rowVerdicts())
        .returning(policy.returning(schema), policy.returningExisting());
  }

  private Row checked(Row row) {
    try {
      if (row.isDelete() && !dialect.supportsDeletes()) {
        throw InvalidRowException.deletesNothing(row.schema().table());
      }
      if (row.schema().isUpdateOnly() && !dialect.supportsUpdateOnly()) {
        throw InvalidRowException.updatesNothing(row.schema().table());
      }
      return row.freeze();
    } catch (InvalidRowException invalid) {
      throw invalid.initRow(row);
    }
  }

  private Flux<Outcome<Row>> write(CallersBatches batches, TableCache cache, Batch batch) {
    return table(batches.session(), cache, batch.schema())
        .flatMapMany(table -> write(batches, table, batch))
        .onErrorMap(
            failure -> !(failure instanceof BatchFlowException),
            failure -> {
              cache.invalidateIfSuspect(batch, failures.classify(failure));
              return failed(batch, failure);
            });
  }

  private static Mono<SqlTable> table(R2dbcSession session, TableCache cache, Schema schema) {
    SqlTable known = cache.of(schema);
    return known != null ? Mono.just(known) : session.table(schema).doOnNext(cache::remember);
  }

  private static Flux<Outcome<Row>> write(CallersBatches batches, SqlTable table, Batch batch) {
    return Flux.defer(
        () -> {
          long startedAt = System.nanoTime();
          return batches
              .write(table, batch)
              .flatMapMany(result -> outcomes(batch, result, System.nanoTime() - startedAt));
        });
  }

  private static Flux<Outcome<Row>> outcomes(Batch batch, BatchResult result, long nanos) {
    WriteResult.Write write = new WriteResult.Write(batch.size(), 1, nanos, RowVerdict.WRITTEN);
    List<Row> rows = batch.rows();
    return Flux.range(0, rows.size())
        .map(
            i -> {
              WriteResult.Write own =
                  result.verdicts().isEmpty() ? write : write.with(result.verdicts().get(i));
              return Outcome.written(
                  rows.get(i),
                  result.values().isEmpty() ? own : own.with(result.values().get(i)),
                  0);
            });
  }

  /**
   * Returns the error of a batch. Even if the connection is lost, nothing of the batch is applied,
   * as only the caller commits.
   */
  private BatchFlowException failed(Batch batch, Throwable failure) {
    Throwable cause = BadRowException.causeOf(failure);
    FailureKind kind = failures.classify(failure);
    String table = batch.schema().table();
    Row row = named(batch, failure);
    BackendError error = failures.backendError(cause);
    if (row == null || !(kind.isOfRow() || kind == FailureKind.PERMANENT)) {
      return new BatchWriteException(table, batch.size(), 1, cause, false, error);
    }
    if (cause instanceof RowAbsentException) {
      return new RowAbsentException(table).initRow(row);
    }
    return kind == FailureKind.INVALID
        ? InvalidRowException.unsendable(table, cause).initRow(row)
        : new RowRejectedException(table, 1, cause, error).initRow(row);
  }

  /** Returns the only row of a batch, or the one that fails alone; null if none does. */
  private static @Nullable Row named(Batch batch, Throwable failure) {
    int index = failure instanceof BadRowException bad ? bad.row() : batch.size() - 1;
    boolean known = failure instanceof BadRowException || batch.size() == 1;
    return known && index >= 0 && index < batch.size() ? batch.rows().get(index) : null;
  }
}
