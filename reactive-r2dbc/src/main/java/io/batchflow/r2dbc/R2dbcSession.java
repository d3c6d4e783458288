package io.batchflow.r2dbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.r2dbc.request.CatalogRows;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlVerdicts;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks up tables and runs batches on one connection. */
final class R2dbcSession {

  private final Connection connection;
  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final TransactionScope scope;
  private final R2dbcStatements statements;

  R2dbcSession(
      Connection connection, SqlDialect dialect, R2dbcDriver driver, TransactionScope scope) {
    this.connection = connection;
    this.dialect = dialect;
    this.driver = driver;
    this.scope = scope;
    this.statements = new R2dbcStatements(connection, driver);
  }

  /** Runs a query for one text. */
  Mono<String> text(String query) {
    return Flux.from(connection.createStatement(query).execute())
        .concatMap(result -> result.map(row -> string(row, 0)))
        .single();
  }

  /** Reads the columns of the tables with the name of that of a schema. */
  Mono<List<CatalogRow>> columns(Schema schema) {
    return CatalogRows.of(connection, dialect, schema);
  }

  Mono<SqlTable> table(Schema schema) {
    return columns(schema)
        .map(rows -> SqlTable.resolve(schema, rows).writableBy(dialect))
        .flatMap(this::inSession);
  }

  private Mono<SqlTable> inSession(SqlTable table) {
    String query = dialect.sessionQuery();
    return query == null
        ? Mono.just(table)
        : Flux.from(connection.createStatement(query).execute())
            .concatMap(
                result ->
                    result.map(
                        row ->
                            table.inSession(
                                R2dbcStatements.number(row, 0), row.get(1, String.class))))
            .single();
  }

  private static String string(Readable row, int index) {
    return Objects.requireNonNullElse(row.get(index, String.class), "");
  }

  /** Runs a batch. Several statements run as a unit; a single one is atomic by itself. */
  Mono<BatchResult> run(PreparedBatch prepared) {
    Batch batch = prepared.batch();
    SqlVerdicts verdicts = new SqlVerdicts(batch);
    Mono<Long> work =
        Flux.fromIterable(prepared.parts())
            .concatMap(
                part ->
                    execute(part, verdicts)
                        .onErrorResume(
                            R2dbcException.class,
                            failure -> named(failure, part.statement(), batch)))
            .reduce(0L, Long::sum);
    boolean atomic = prepared.parts().size() == 1 && prepared.parts().get(0).statement().isAtomic();
    return (atomic ? work : scope.atomically(work))
        .onErrorResume(failure -> told(failure, prepared).flatMap(Mono::error))
        .map(verdicts::result);
  }

  /** Returns a more precise failure: the database's own reason, or that rows may be stored. */
  private Mono<Throwable> told(Throwable failure, PreparedBatch prepared) {
    boolean answered =
        BadRowException.causeOf(failure) instanceof R2dbcException driver
            && dialect.classify(driver.getSqlState(), driver.getErrorCode()) != FailureKind.UNKNOWN;
    if (!answered) {
      return Mono.just(failure);
    }
    SqlStatement first = prepared.parts().get(0).statement();
    Mono<Throwable> told =
        prepared.batch().size() == 1 ? reason(first, failure) : remains(first.table(), failure);
    return told.onErrorResume(second -> Mono.empty()).defaultIfEmpty(failure);
  }

  private Mono<Throwable> reason(SqlStatement row, Throwable failure) {
    String sql = failure instanceof R2dbcException by ? row.sqlForReason(by.getErrorCode()) : null;
    if (sql == null) {
      return Mono.empty();
    }
    Mono<Throwable> told =
        Flux.from(statements.of(sql, row).execute())
            .concatMap(Result::getRowsUpdated)
            .then(Mono.<Throwable>empty())
            .onErrorResume(Mono::just)
            .defaultIfEmpty(failure);
    return scope.undone(told);
  }

  /** Returns that rows of a failed write may be stored; empty if the table has transactions. */
  Mono<Throwable> remains(SqlTable table, Throwable failure) {
    String query = dialect.remainsQuery();
    if (query == null) {
      return Mono.empty();
    }
    Statement statement = connection.createStatement(query);
    for (int i = 0; i < table.path().size(); i++) {
      statement.bind(i, table.path().get(i));
    }
    return Flux.from(statement.execute())
        .concatMap(result -> result.map(row -> string(row, 0)))
        .next()
        .map(
            why ->
                SqlWriteException.remains(table.schema(), why, BadRowException.causeOf(failure)));
  }

  private Mono<Long> execute(PreparedBatch.Part part, SqlVerdicts verdicts) {
    SqlStatement rows = part.statement();
    String lock = rows.lockExisting();
    return lock == null
        ? execute(rows, part.binary(), verdicts)
        : statements
            .existing(lock, rows)
            .doOnNext(numbers -> verdicts.nothingExists(rows))
            .doOnNext(numbers -> numbers.forEach(number -> verdicts.exists(rows, number)))
            .flatMap(numbers -> execute(rows.onlyFor(numbers), null, verdicts));
  }

  private Mono<Long> execute(SqlStatement rows, @Nullable BinaryRows binary, SqlVerdicts verdicts) {
    Mono<Long> copy = binary == null ? null : binary.copy(connection, dialect);
    if (copy != null) {
      return copy.doOnNext(count -> verdicts.affected(rows, count));
    }
    Statement statement = connection.createStatement(rows.sql());
    if (binary == null || !binary.bindTo(statement)) {
      statements.bindTo(statement, rows);
    }
    Flux<Result> results = Flux.from(statement.execute());
    if (!rows.returned().isEmpty()) {
      return results
          .concatMap(
              result -> result.map(row -> R2dbcStatements.values(row, rows.returned().size())))
          .collectList()
          .doOnNext(values -> verdicts.stored(rows, values))
          .map(values -> (long) values.size());
    }
    Flux<Long> affected =
        rows.returning()
            ? results.concatMap(result -> result.map(row -> told(row, rows, verdicts)))
            : results.concatMap(Result::getRowsUpdated);
    return affected
        .reduce(0L, Long::sum)
        .doOnNext(count -> verdicts.affected(rows, count))
        .flatMap(count -> statements.readBack(rows, verdicts).thenReturn(count));
  }

  /** Fails as the statement did, and names the row if the database does. */
  private Mono<Long> named(R2dbcException failure, SqlStatement statement, Batch batch) {
    if (statement.isUpdateOnly()) {
      // A joined update counts the rows that it finds, in its own order.
      return unnamed(failure, batch.schema()).flatMap(Mono::error);
    }
    int told = driver.badRow(failure, statement.table());
    String message = failure.getMessage();
    if (told == 0 && message != null) {
      told = dialect.badRow(message);
    }
    Mono<Integer> row = told > 0 ? Mono.just(told) : askForBadRow(failure, batch);
    return row.map(number -> statement.indexInBatch(number - 1))
        .filter(index -> index >= 0)
        .<Throwable>map(index -> new BadRowException(index, failure))
        .switchIfEmpty(unnamed(failure, batch.schema()))
        .flatMap(Mono::error);
  }

  /**
   * Returns the failure of a statement. A code of a lost session was raised by a trigger if the
   * session is still alive. Some drivers tell that without a query.
   */
  private Mono<Throwable> unnamed(R2dbcException failure, Schema schema) {
    int code = failure.getErrorCode();
    boolean told = code > 0 && !driver.tellsLostSessions() && !dialect.isOfCommit(code);
    if (!told || dialect.classify(failure.getSqlState(), code) != FailureKind.UNKNOWN) {
      return Mono.just(failure);
    }
    return Mono.from(connection.validate(ValidationDepth.REMOTE))
        .onErrorReturn(false)
        .map(alive -> alive ? SqlWriteException.onLiveSession(schema, failure) : failure);
  }

  private Mono<Integer> askForBadRow(R2dbcException failure, Batch batch) {
    FailureKind kind = dialect.classify(failure.getSqlState(), failure.getErrorCode());
    if (kind != FailureKind.DATA || batch.size() == 1) {
      return Mono.empty();
    }
    return Flux.fromIterable(dialect.badRowQueries())
        .concatMap(query -> Flux.from(connection.createStatement(query).execute()))
        .concatMap(result -> result.map(answer -> (int) R2dbcStatements.number(answer, 0)))
        .takeLast(1)
        .next()
        .onErrorComplete();
  }

  /** Takes what the statement returned for a row. Returns 1 if the statement touched it, else 0. */
  private static long told(Readable row, SqlStatement rows, SqlVerdicts verdicts) {
    Boolean inserted = row.get(1, Boolean.class);
    int number = Objects.requireNonNull(row.get(0, Integer.class), "number");
    verdicts.returned(rows, number, inserted);
    return inserted == null ? 0 : 1;
  }
}
