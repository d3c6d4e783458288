package io.batchflow.r2dbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.sql.DriverError;
import io.batchflow.sql.KnownTables;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.stats.ConnectionStats;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.R2dbcException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes batches through R2DBC, each with multi-row statements on one connection: a single
 * statement where one will do, else a transaction.
 *
 * <p>A {@link ConnectionPool} is used as it is, and must have as many connections as the flow has
 * {@code concurrency}. Over any other factory the writer opens a pool of its own, with a connection
 * for each batch that is written at the same time, at most 64, and bounded waits. Connections must
 * come in auto-commit mode, and so not within a transaction. Whichever was handed in stays open
 * when the writer is closed. A driver that blocks, as H2's does, runs on threads of the writer's
 * own.
 *
 * <p>A write past its deadline is ended in the server, from a connection beside the pool; one that
 * is given up, which is what cancelling means, loses its connection. Safe for any thread.
 */
public final class R2dbcBatchWriter implements BatchWriter {

  private final SqlDialect dialect;
  private final @Nullable PostgresArrays postgres;
  private final SqlFailures failures;
  private final Connections connections;
  private final Mono<Void> close;
  private final KnownTables tables = new KnownTables();

  /** Those under way, and those without a verdict until nobody can ask for them any more. */
  private final Map<Batch, Running> writes = Collections.synchronizedMap(new WeakHashMap<>());

  private final SessionIds sessionIds;

  private R2dbcBatchWriter(ConnectionFactory factory, SqlDialect dialect) {
    Factories.warnIfSlow(factory);
    this.dialect = dialect;
    this.failures = new SqlFailures(dialect, R2dbcBatchWriter::driverError);
    boolean isPostgres = dialect.product().equals("PostgreSQL") && isPostgresDriverHere();
    this.postgres = isPostgres ? new PostgresArrays() : null;
    this.connections =
        new Connections(
            factory,
            dialect.blocking(),
            dialect.setup(),
            dialect.product().toLowerCase(Locale.ROOT));
    this.sessionIds = new SessionIds(dialect);
    this.close = Mono.defer(connections::close).cache();
  }

  /**
   * Creates a writer for an R2DBC URL, such as {@code r2dbc:postgresql://user@host/database}.
   *
   * @throws InvalidConfigurationException if the URL is none, or none of a driver that is there, or
   *     there is no dialect for the database. The message does not repeat what may hold a password
   */
  public static R2dbcBatchWriter create(String url) {
    return Factories.fromUrl(url, options -> create(options));
  }

  /**
   * Creates a writer for options of R2DBC, to which it adds what the driver needs to be fast:
   * {@code tcpNoDelay} for r2dbc-mysql, which is five times slower without.
   *
   * @throws InvalidConfigurationException if there is no dialect for the database
   * @throws IllegalStateException if the driver is not there
   */
  public static R2dbcBatchWriter create(ConnectionFactoryOptions options) {
    return create(Factories.of(options));
  }

  /**
   * Creates a writer with the dialect of the factory's database.
   *
   * @throws InvalidConfigurationException if there is no dialect for it
   */
  public static R2dbcBatchWriter create(ConnectionFactory factory) {
    return create(factory, Dialects.of(factory.getMetadata().getName()));
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
    // Subscribed apart: a statement that is cancelled goes on, with its connection in the pool.
    return Mono.create(
        sink -> {
          Running running = new Running(dialect, batch.schema());
          writes.put(batch, running);
          sink.onCancel(() -> giveUp(batch, running));
          Mono.defer(() -> write(running, batch))
              .onErrorMap(failure -> whileRunning(batch, running, failure))
              .doOnSuccess(verdict -> writes.remove(batch))
              .contextWrite(sink.contextView())
              .subscribe(sink::success, sink::error, sink::success);
        });
  }

  /** A session that is lost before it was sent anything has lost nothing. */
  private Throwable whileRunning(Batch batch, Running running, Throwable failure) {
    boolean lost = classify(failure) == FailureKind.UNKNOWN;
    if (lost && running.isSent()) {
      return failure;
    }
    writes.remove(batch);
    return lost ? running.notSent(failure) : failure;
  }

  private void giveUp(Batch batch, Running running) {
    running.giveUp();
    if (!running.isSent()) {
      writes.remove(batch);
    }
  }

  private Mono<BatchResult> write(Running running, Batch batch) {
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
      return tables.doubts(batch, classify(refused))
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
            failure -> tables.doubts(batch, classify(failure)),
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
    return PreparedBatch.of(dialect, postgres, table, batch);
  }

  private Mono<BatchResult> inSession(
      Running running, Batch batch, Function<R2dbcSession, Mono<BatchResult>> work) {
    return onConnection(
        batch.schema(),
        running.acquire(acquired(batch.schema())),
        connection ->
            running
                .on(connection, sessionIds.of(connection), work.apply(session(connection)))
                .doOnError(failures::isReadOnly, failure -> running.giveUp()));
  }

  /** Ends the statement from a connection beside the pool, which may have none to give. */
  @Override
  public Mono<Void> interrupt(Batch batch) {
    Running running = writes.get(batch);
    return running == null ? Mono.empty() : running.interrupt(connections.beside());
  }

  /** Withdraws what still waits for a connection, for its session or for the table's look-up. */
  @Override
  public boolean withdraw(Batch batch) {
    Running running = writes.get(batch);
    return running != null && running.withdraw();
  }

  /** Ends the write's session in the server, from a connection beside the pool. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    Running running = writes.get(batch);
    return running == null ? Mono.just(true) : running.abandon(connections.beside());
  }

  /**
   * Compares a schema with the real table, as the first batch of a schema does too. Signals a
   * {@link SqlWriteException} whose {@linkplain SqlWriteException#mismatches() mismatches} name
   * what does not fit.
   */
  public Mono<Void> verify(Schema schema) {
    return onConnection(schema, acquired(schema), connection -> session(connection).table(schema))
        .doOnNext(tables::remember)
        .then();
  }

  @Override
  public @Nullable KeyEquality keyEquality(Schema schema) {
    SqlTable known = tables.of(schema);
    return known == null ? null : known.keys(dialect);
  }

  @Override
  public Mono<Void> lookUp(Schema schema) {
    // Subscribed apart: a query that is cancelled goes on, with its connection in the pool.
    return Mono.create(
        sink ->
            verify(schema)
                .contextWrite(sink.contextView())
                .subscribe(nothing -> {}, sink::error, sink::success));
  }

  /**
   * Returns the statements that rows would become as one batch, without running them.
   *
   * @param requests rows of one schema, at least one
   */
  public Mono<SqlPreview> preview(List<Request> requests) {
    Schema schema = requests.get(0).schema();
    return onConnection(schema, acquired(schema), connection -> table(session(connection), schema))
        .map(table -> SqlPreview.of(dialect, table, requests, IntUnaryOperator.identity()));
  }

  @Override
  public FailureClassifier failureClassifier() {
    return this::classify;
  }

  /**
   * Returns one more than there can be connections, in the pool that was handed in or the own one:
   * the values of one batch are encoded while it waits for a connection.
   */
  @Override
  public int maxConcurrency() {
    return connections.max() == Integer.MAX_VALUE ? Integer.MAX_VALUE : connections.max() + 1;
  }

  @Override
  public ConnectionStats connections() {
    return connections.stats();
  }

  /** Closes the writer's own pool and threads, not what was handed in; idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
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

  private Mono<SqlTable> table(R2dbcSession session, Schema schema) {
    SqlTable known = tables.of(schema);
    return known != null ? Mono.just(known) : session.table(schema).doOnNext(tables::remember);
  }

  private R2dbcSession session(Connection connection) {
    return new R2dbcSession(connection, dialect, postgres != null);
  }

  private Mono<Connection> acquired(Schema schema) {
    return connections
        .acquire()
        .onErrorMap(
            failure ->
                SqlWriteException.notConnected(
                    schema, failures.isRefusal(failure) || isOfOptions(failure), failure));
  }

  private <T> Mono<T> onConnection(
      Schema schema, Mono<Connection> acquired, Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(
        acquired,
        connection ->
            connection.isAutoCommit()
                ? work.apply(connection)
                    .onErrorMap(
                        failures::isStatementLost,
                        failure -> SqlWriteException.statementLost(schema, failure))
                : Mono.error(SqlWriteException.inTransaction(schema, null)),
        R2dbcBatchWriter::release);
  }

  /** What was written stays written, even if the connection cannot be given back. */
  private static Mono<Void> release(Connection connection) {
    return Mono.from(connection.close()).onErrorComplete();
  }

  /** Returns whether an exception says that the driver's options are wrong, such as a password. */
  private static boolean isOfOptions(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException) {
        return true;
      }
    }
    return false;
  }

  /** Returns the driver's, of which a pool's own exceptions have none. */
  private static @Nullable String stateOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof R2dbcException driver && driver.getSqlState() != null) {
        return driver.getSqlState();
      }
    }
    return null;
  }

  @Override
  public String system() {
    return dialect.system();
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    return failure instanceof R2dbcException driver
        ? dialect.statusCode(driver.getSqlState(), driver.getErrorCode())
        : stateOf(failure);
  }

  private FailureKind classify(Throwable signalled) {
    FailureKind kind = failures.classify(signalled);
    return postgres != null && BadRowException.causeOf(signalled) instanceof R2dbcException driver
        ? PostgresErrors.kind(kind, driver)
        : kind;
  }

  /** Returns the codes of the driver's own exception; null for any other exception. */
  private static @Nullable DriverError driverError(Throwable failure) {
    return failure instanceof R2dbcException driver
        ? new DriverError(driver.getSqlState(), driver.getErrorCode())
        : null;
  }
}
