package io.batchflow.r2dbc;

import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.sql.writer.TableLookup;
import io.batchflow.stats.ConnectionStats;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes batches through R2DBC. Each batch is written with multi-row statements on one connection:
 * with a single statement if possible, otherwise in a transaction.
 *
 * <p>A {@link ConnectionPool} is used as it is, and must have as many connections as the {@code
 * concurrency} of the flow. For any other factory, the writer opens its own pool, with at most 64
 * connections and bounded waits. Connections must be in auto-commit mode, and so not within a
 * transaction. Your pool or factory stays open when the writer is closed. A driver that blocks,
 * such as that of H2, runs on separate threads.
 *
 * <p>A write past its deadline is ended in the server, from a connection outside of the pool. If a
 * write is cancelled, its connection is closed. Safe for any thread.
 */
public final class R2dbcBatchWriter implements BatchWriter {

  private final SqlDialect dialect;
  private final R2dbcFailures failures;
  private final Connections connections;
  private final TransactionWrites transactions;
  private final Mono<Void> close;
  private final TableCache tables = new TableCache();
  private final TableLookup lookup;
  private final R2dbcWrites writes;

  private R2dbcBatchWriter(ConnectionFactory factory, SqlDialect given) {
    Factories.warnIfSlow(factory);
    R2dbcDriver driver = R2dbcDriver.of(given);
    this.dialect = given.withPlaceholder(driver.placeholder());
    this.connections =
        new Connections(
            factory,
            dialect.blocking(),
            dialect.setup(),
            dialect.product().toLowerCase(Locale.ROOT));
    this.failures = new R2dbcFailures(dialect, driver);
    Sessions sessions = new Sessions(connections, dialect, driver, failures);
    BatchWrites batches = new BatchWrites(dialect, driver, failures, sessions, tables);
    this.writes =
        new R2dbcWrites(
            dialect,
            failures,
            connections,
            batches,
            new UnitWrites(failures, sessions, batches, tables));
    this.transactions = new TransactionWrites(dialect, R2dbcDriver.of(given), failures);
    this.lookup =
        new TableLookup(
            dialect, tables, sessions::table, sessions::columns, IntUnaryOperator.identity());
    this.close = Mono.defer(connections::close).cache();
  }

  /**
   * Creates a writer for an R2DBC URL, such as {@code r2dbc:postgresql://user@host/database}.
   *
   * @throws InvalidConfigurationException if it is not an R2DBC URL, or if there is no driver or no
   *     dialect for the database. The message does not repeat the URL, as it may hold a password
   */
  public static R2dbcBatchWriter create(String url) {
    return Factories.fromUrl(url, options -> create(options));
  }

  /**
   * Creates a writer for R2DBC options. Adds {@code tcpNoDelay} for r2dbc-mysql, which is five
   * times slower without it.
   *
   * @throws InvalidConfigurationException if there is no dialect for the database
   * @throws IllegalStateException if the driver is not on the class path
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

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return writes.write(batch);
  }

  /** Returns true: all units of a batch are one transaction. */
  @Override
  public boolean supportsUnits() {
    return true;
  }

  /**
   * Writes rows in a transaction of yours, with the default limits of a batch. See {@link
   * #write(Connection, Publisher, BatchPolicy)}.
   */
  public Flux<Outcome<Row>> write(Connection connection, Publisher<? extends Row> rows) {
    return write(connection, rows, BatchPolicy.defaults());
  }

  /**
   * Writes rows in a transaction of yours: they are applied if you commit. Begins, commits and
   * closes nothing; nothing is retried, and there is no deadline.
   *
   * <p>Rows are written in their order. Consecutive rows of one Schema become one batch, so give
   * the rows of a table one after the other. A row is written before every later row of another
   * table. The rows must not come from a query that is still open on the same connection.
   *
   * <p>The first failure ends the stream. Nothing of its batch is applied, but a commit would apply
   * the batches before it: roll back. Also roll back after a cancellation. If one row is the
   * reason, it is searched for within a savepoint, and {@link BatchFlowException#row()} is the
   * first such row.
   *
   * @param connection your connection to the writer's database, within a transaction
   * @param policy its {@code maxSize}, {@code maxBytes}, {@code rowVerdicts} and {@code returning}
   *     apply
   * @return one outcome for each row, in their order. {@link OutcomeStatus#WRITTEN} says that the
   *     statement succeeded; the row is as durable as your commit. Fails with {@link
   *     InvalidRowException} for a row that {@link io.batchflow.BatchFlow#submit} would turn away,
   *     {@link RowRejectedException} if the database rejects a row that it names or that is alone
   *     in its batch, and {@link BatchWriteException} for any other failure
   */
  public Flux<Outcome<Row>> write(
      Connection connection, Publisher<? extends Row> rows, BatchPolicy policy) {
    return transactions.write(connection, rows, policy);
  }

  /** Ends the statement from a connection outside of the pool, which may be exhausted. */
  @Override
  public Mono<Void> interrupt(Batch batch) {
    return writes.interrupt(batch);
  }

  /**
   * Withdraws a batch that still waits for a connection, its session or the look-up of its table.
   */
  @Override
  public boolean withdraw(Batch batch) {
    return writes.withdraw(batch);
  }

  /** Ends the session of the write in the server, from a connection outside of the pool. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    return writes.abandon(batch);
  }

  /**
   * Compares a schema with the real table, as the first batch of a schema also does. Signals a
   * {@link SqlWriteException} whose {@linkplain SqlWriteException#mismatches() mismatches} name all
   * differences.
   */
  public Mono<Void> verify(Schema schema) {
    return lookup.verify(schema);
  }

  @Override
  public boolean supportsDeletes(Schema schema) {
    return dialect.supportsDeletes();
  }

  @Override
  public boolean supportsUpdateOnly(Schema schema) {
    return dialect.supportsUpdateOnly();
  }

  @Override
  public @Nullable KeyEquality keyEquality(Schema schema) {
    return tables.keyEquality(schema, dialect);
  }

  @Override
  public Mono<Void> lookUp(Schema schema) {
    return lookup.verify(schema);
  }

  /**
   * Reads the schema of a table for rows that must be new. See {@link #readSchema(String,
   * ConflictStrategy, String...)}.
   */
  public Mono<Schema> readSchema(String table) {
    return readSchema(table, ConflictStrategy.FAIL);
  }

  /**
   * Reads the schema of a table from the database, instead of building it. It has the columns that
   * rows can set, by the names that the database gives them: all but those that the database
   * generates (identity, computed), unless they belong to the key. Columns that take no null and
   * have no default are required.
   *
   * @param table the name. Dots separate qualifiers
   * @param key the columns of the conflict key. If none are given, it is the primary key. Under
   *     FAIL and IGNORE, a primary key that the database generates is left out; under UPDATE and
   *     REPLACE, a table without a primary key may have one unique key instead
   * @return reads anew for each subscriber. Fails with a {@link SqlWriteException} if there is no
   *     such table, column or key, or if the table cannot be written to
   */
  public Mono<Schema> readSchema(String table, ConflictStrategy onConflict, String... key) {
    return lookup.schema(table, onConflict, List.of(key));
  }

  /**
   * Returns the statements that rows would become as one batch, without running them.
   *
   * @param rows rows of one schema, at least one
   */
  public Mono<SqlPreview> preview(List<Row> rows) {
    return lookup.preview(rows);
  }

  @Override
  public FailureClassifier failureClassifier() {
    return failures::classify;
  }

  /**
   * Returns one more than the most connections of the pool: one batch can be encoded while it waits
   * for a connection.
   */
  @Override
  public int maxConcurrency() {
    return connections.max() == Integer.MAX_VALUE ? Integer.MAX_VALUE : connections.max() + 1;
  }

  @Override
  public ConnectionStats connections() {
    return connections.stats();
  }

  /** Closes the writer's own pool and threads, not your pool or factory. Idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  @Override
  public String system() {
    return dialect.system();
  }

  @Override
  public @Nullable BackendError backendError(Throwable failure) {
    return failures.backendError(failure);
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    return failures.statusCode(failure);
  }
}
