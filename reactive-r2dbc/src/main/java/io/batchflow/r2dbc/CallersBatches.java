package io.batchflow.r2dbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes batches in the transaction of a caller. If a batch fails, nothing of it is left in the
 * transaction. If it is not known which row fails, halves are written until one row fails alone, or
 * until all are written. Used by one subscriber.
 */
final class CallersBatches {

  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final R2dbcFailures failures;
  private final TransactionScope scope;
  private final R2dbcSession session;

  CallersBatches(
      SqlDialect dialect, R2dbcDriver driver, R2dbcFailures failures, Connection connection) {
    this.dialect = dialect;
    this.driver = driver;
    this.failures = failures;
    this.scope = TransactionScope.callers(connection);
    this.session = new R2dbcSession(connection, dialect, driver, scope);
  }

  R2dbcSession session() {
    return session;
  }

  /** Writes a batch. Signals a {@link BadRowException} if the failure is that of one row. */
  Mono<BatchResult> write(SqlTable table, Batch batch) {
    if (batch.size() == 1) {
      return statements(table, batch);
    }
    return unit(table, batch)
        .onErrorResume(
            this::isOfUnknownRow,
            failure ->
                scope
                    .atomically(
                        halves(table, batch, 0, batch.size())
                            .collectList()
                            .map(CallersBatches::joined))
                    .onErrorMap(second -> isOfOneRow(second) ? second : failure));
  }

  /** Writes a batch such that the transaction can go on after a failure. */
  private Mono<BatchResult> unit(SqlTable table, Batch batch) {
    Mono<BatchResult> statements = statements(table, batch);
    boolean undo = dialect.abortsTransaction() || batch.schema().isUpdateOnly();
    return undo ? scope.atomically(statements) : statements;
  }

  private Mono<BatchResult> statements(SqlTable table, Batch batch) {
    return Mono.defer(() -> session.run(prepare(table, batch)))
        .flatMap(CallersBatches::whole)
        .retryWhen(
            Retry.max(SqlFailures.MAX_RACES)
                .filter(failure -> failures.isLostRace(batch.schema(), failure))
                .onRetryExhaustedThrow((spec, last) -> last.failure()));
  }

  /** Fails by the first row that the table does not hold, so that the batch is undone. */
  private static Mono<BatchResult> whole(BatchResult result) {
    return result.rejected().entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(
            first -> Mono.<BatchResult>error(new BadRowException(first.getKey(), first.getValue())))
        .orElse(Mono.just(result));
  }

  private boolean isOfUnknownRow(Throwable failure) {
    return !(failure instanceof BadRowException) && isOfRow(failure);
  }

  private boolean isOfRow(Throwable failure) {
    FailureKind kind = failures.classify(failure);
    return kind.isOfRow() || kind == FailureKind.PERMANENT;
  }

  /** A lasting failure of the very first row is probably one of all rows, such as no permission. */
  private boolean isOfOneRow(Throwable failure) {
    return failure instanceof BadRowException bad
        && (bad.row() > 0 || failures.classify(bad).isOfRow());
  }

  /** Writes rows that fail together by halves, in order, until a row fails alone. */
  private Flux<BatchResult> halves(SqlTable table, Batch batch, int from, int to) {
    int middle = (from + to) / 2;
    return Flux.concat(half(table, batch, from, middle), half(table, batch, middle, to));
  }

  private Flux<BatchResult> half(SqlTable table, Batch batch, int from, int to) {
    Batch rows =
        new Batch(batch.schema(), batch.rows().subList(from, to), batch.rowVerdicts())
            .returning(batch.returning(), batch.returningExisting());
    return unit(table, rows)
        .flux()
        .onErrorResume(
            this::isOfRow,
            failure ->
                rows.size() > 1
                    ? halves(table, batch, from, to)
                    : Flux.error(new BadRowException(from, BadRowException.causeOf(failure))));
  }

  private static BatchResult joined(List<BatchResult> parts) {
    return BatchResult.written(parts.stream().mapToLong(BatchResult::affectedRows).sum())
        .withVerdicts(parts.stream().flatMap(part -> part.verdicts().stream()).toList())
        .withValues(parts.stream().flatMap(part -> part.values().stream()).toList());
  }

  private PreparedBatch prepare(SqlTable table, Batch batch) {
    try {
      return PreparedBatch.of(dialect, driver, table, batch);
    } catch (RuntimeException | StackOverflowError failure) {
      checkKeys(table.keys(dialect), batch);
      throw failure;
    }
  }

  /** Fails for the row whose key throws when it is read, as at a submission. */
  private static void checkKeys(KeyEquality keys, Batch batch) {
    for (Row row : batch.rows()) {
      try {
        keys.key(row);
      } catch (RuntimeException | StackOverflowError thrown) {
        String columns = String.join(", ", batch.schema().conflictKey());
        throw InvalidRowException.unreadable(batch.schema().table(), columns, thrown).initRow(row);
      }
    }
  }
}
