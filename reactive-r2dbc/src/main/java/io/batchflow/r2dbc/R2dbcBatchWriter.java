package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlVerdicts;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes batches through R2DBC, each with multi-row statements on one connection: a single
 * statement where one will do, else a transaction.
 *
 * <p>A {@link ConnectionPool} is used as it is, and should have as many connections as the flow has
 * {@code concurrency}. Over any other factory the writer opens a pool of its own, of at most ten
 * connections. Whichever was handed in stays open when the writer is closed. A driver that blocks,
 * as H2's does, runs on threads of the writer's own.
 *
 * <p>Cancelling a write does not stop it: a statement that is cancelled goes on in the server while
 * its connection is used by another. Safe for any thread.
 */
public final class R2dbcBatchWriter implements BatchWriter {

  private static final int MAX_TABLES = 1_000;
  private static final int MAX_RACES = 3;

  private final SqlDialect dialect;
  private final boolean copies;
  private final Connections connections;
  private final Mono<Void> close;
  private final Map<Schema, SqlTable> tables = new ConcurrentHashMap<>();

  private R2dbcBatchWriter(ConnectionFactory factory, SqlDialect dialect) {
    this.dialect = dialect;
    this.copies = dialect.product().equals("PostgreSQL") && isPostgresDriverHere();
    this.connections =
        new Connections(factory, dialect.blocking(), dialect.product().toLowerCase(Locale.ROOT));
    this.close = Mono.defer(connections::close).cache();
  }

  /**
   * Creates a writer with the dialect of the factory's database.
   *
   * @throws InvalidConfigurationException if there is no dialect for it
   */
  public static R2dbcBatchWriter create(ConnectionFactory factory) {
    return create(factory, SqlDialect.of(factory.getMetadata().getName()));
  }

  /** Creates a writer with a dialect. */
  public static R2dbcBatchWriter create(ConnectionFactory factory, SqlDialect dialect) {
    return new R2dbcBatchWriter(
        Objects.requireNonNull(factory, "factory"), Objects.requireNonNull(dialect, "dialect"));
  }

  private static boolean isPostgresDriverHere() {
    try {
      Class.forName("io.r2dbc.postgresql.api.PostgresqlConnection");
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    Mono<BatchResult> write =
        Mono.usingWhen(
                connections
                    .acquire()
                    .onErrorMap(
                        failure ->
                            SqlWriteException.notConnected(
                                batch.schema(), classify(failure), failure)),
                connection -> write(connection, batch),
                R2dbcBatchWriter::release)
            .doOnError(failure -> forget(batch, failure));
    // Subscribed apart, so that no cancellation reaches a statement in flight.
    return Mono.create(
        sink ->
            write
                .contextWrite(sink.contextView())
                .subscribe(sink::success, sink::error, sink::success));
  }

  @Override
  public FailureClassifier failureClassifier() {
    return this::classify;
  }

  /** Closes the writer's own pool and threads, not what was handed in; idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  private Mono<BatchResult> write(Connection connection, Batch batch) {
    return table(connection, batch.schema())
        .flatMap(table -> Mono.defer(() -> run(connection, table, batch)))
        .retryWhen(
            Retry.max(MAX_RACES)
                .filter(failure -> isLostRace(batch.schema(), failure))
                .onRetryExhaustedThrow((spec, last) -> last.failure()));
  }

  /** What was written stays written, even if the connection cannot be given back. */
  private static Mono<Void> release(Connection connection) {
    return Mono.from(connection.close()).onErrorComplete();
  }

  private Mono<SqlTable> table(Connection connection, Schema schema) {
    SqlTable known = tables.get(schema);
    if (known != null) {
      return Mono.just(known);
    }
    Statement query =
        connection.createStatement(dialect.catalogQuery()).bind(0, SqlTable.nameOf(schema));
    return Flux.from(query.execute())
        .concatMap(result -> result.map(R2dbcBatchWriter::catalogRow))
        .collectList()
        .map(rows -> SqlTable.resolve(schema, rows))
        .doOnNext(table -> remember(schema, table));
  }

  private static CatalogRow catalogRow(Readable row) {
    return new CatalogRow(
        string(row, 0),
        Boolean.TRUE.equals(row.get(1, Boolean.class)),
        string(row, 2),
        string(row, 3),
        string(row, 4),
        row.get(5, String.class),
        Boolean.TRUE.equals(row.get(6, Boolean.class)),
        Boolean.TRUE.equals(row.get(7, Boolean.class)),
        row.get(8, String.class),
        Boolean.TRUE.equals(row.get(9, Boolean.class)));
  }

  private static String string(Readable row, int index) {
    return Objects.requireNonNullElse(row.get(index, String.class), "");
  }

  private void remember(Schema schema, SqlTable table) {
    if (tables.size() >= MAX_TABLES) {
      tables.clear();
    }
    tables.put(schema, table);
  }

  /** A table may have been altered: read it anew. A row alone may suffer from a type of old. */
  private void forget(Batch batch, Throwable failure) {
    FailureKind kind = classify(failure);
    if (kind == FailureKind.PERMANENT || (kind == FailureKind.DATA && batch.size() == 1)) {
      tables.remove(batch.schema());
    }
  }

  private Mono<BatchResult> run(Connection connection, SqlTable table, Batch batch) {
    List<SqlStatement> statements =
        SqlStatement.of(dialect, table, batch, IntUnaryOperator.identity());
    SqlVerdicts verdicts = new SqlVerdicts(batch);
    Mono<Long> work =
        Flux.fromIterable(statements)
            .concatMap(statement -> execute(connection, statement, verdicts))
            .reduce(0L, Long::sum);
    boolean atomic = statements.size() == 1 && connection.isAutoCommit();
    return (atomic ? work : transaction(connection, work)).map(verdicts::result);
  }

  private static Mono<Long> transaction(Connection connection, Mono<Long> work) {
    return Mono.from(connection.beginTransaction())
        .then(work)
        .flatMap(affected -> Mono.from(connection.commitTransaction()).thenReturn(affected))
        .onErrorResume(
            failure ->
                Mono.from(connection.rollbackTransaction())
                    .doOnError(failure::addSuppressed)
                    .onErrorComplete()
                    .then(Mono.error(failure)));
  }

  private Mono<Long> execute(Connection connection, SqlStatement rows, SqlVerdicts verdicts) {
    Mono<Long> copy = copies ? PostgresCopy.of(connection, dialect, rows) : null;
    if (copy != null) {
      return copy;
    }
    Statement statement = connection.createStatement(rows.sql());
    rows.bindTo((index, value) -> bind(statement, index, value));
    Flux<Result> results = Flux.from(statement.execute());
    return rows.returning()
        ? results
            .concatMap(result -> result.map(row -> told(row, rows, verdicts)))
            .reduce(0L, Long::sum)
        : results.concatMap(Result::getRowsUpdated).reduce(0L, Long::sum);
  }

  /** Returns 1 for a row that the statement touched, else 0. */
  private static long told(Readable row, SqlStatement rows, SqlVerdicts verdicts) {
    Boolean inserted = row.get(1, Boolean.class);
    int number = Objects.requireNonNull(row.get(0, Integer.class), "number");
    verdicts.returned(rows, number, inserted);
    return inserted == null ? 0 : 1;
  }

  private static void bind(Statement statement, int index, @Nullable Object value) {
    if (value == null) {
      statement.bindNull(index, String.class);
    } else {
      statement.bind(index, value);
    }
  }

  private FailureKind classify(Throwable failure) {
    if (failure instanceof SqlWriteException own) {
      return own.kind();
    }
    return failure instanceof R2dbcException driver
        ? dialect.classify(driver.getSqlState(), driver.getErrorCode())
        : FailureClassifier.standard().classify(failure);
  }

  private boolean isLostRace(Schema schema, Throwable failure) {
    return failure instanceof R2dbcException driver
        && dialect.isLostRace(schema.onConflict(), driver.getSqlState(), driver.getErrorCode());
  }
}
