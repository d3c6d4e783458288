package io.batchflow.jdbc;

import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.DriverError;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.batchflow.sql.WritesUnderWay;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.sql.writer.TableLookup;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches through blocking JDBC, on its own thread and its own connection. Each batch is one
 * transaction of multi-row statements that stay prepared. This suits an embedded database with one
 * writer, such as SQLite. It also works for PostgreSQL, MySQL and MariaDB, one batch after the
 * other; {@code R2dbcBatchWriter} writes several batches there at the same time.
 *
 * <p>The first write opens the connection. It is kept, is opened again after a failure that may
 * have harmed it, and is closed by {@link #close()}. Your DataSource stays open. It may return
 * connections with auto-commit off, which the writer turns on, but not connections within a
 * transaction.
 *
 * <p>A write past its deadline is ended by {@code Statement.cancel}; a write that still waits for
 * its turn is not sent. If a write is cancelled, its connection is aborted, and another thread
 * continues with another connection. Safe for any thread.
 */
public final class JdbcBatchWriter implements BatchWriter {

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final SqlFailures failures;
  private final JdbcQueue queue;
  private final Mono<Void> close;
  private final TableCache tables = new TableCache();
  private final TableLookup lookup;
  private final BatchWrites batches;
  private final WritesUnderWay<JdbcWrite> writes;

  private JdbcBatchWriter(DataSource dataSource, SqlDialect dialect) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.failures = new SqlFailures(dialect, JdbcBatchWriter::driverError);
    this.writes = new WritesUnderWay<>(JdbcWrite::state, failures::classify);
    this.batches = new BatchWrites(failures, tables);
    this.queue = new JdbcQueue(() -> new JdbcWorker(dataSource, dialect));
    this.lookup =
        new TableLookup(
            dialect, tables, this::readTable, this::readColumns, PreparedStatements::roundSize);
    this.close = Mono.defer(queue::close).cache();
  }

  /**
   * Creates a writer with the dialect of the database. Opens a connection to find out which
   * database it is, and so blocks.
   *
   * @throws InvalidConfigurationException if there is no dialect for the database
   * @throws IllegalStateException if no connection can be opened
   */
  public static JdbcBatchWriter create(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      return create(dataSource, Dialects.of(connection.getMetaData().getDatabaseProductName()));
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "The DataSource gave no connection to find out its database. The cause has the driver's"
              + " reason. create(DataSource, SqlDialect) needs no connection.",
          failure);
    }
  }

  /** Creates a writer with a dialect. Opens nothing yet. */
  public static JdbcBatchWriter create(DataSource dataSource, SqlDialect dialect) {
    return new JdbcBatchWriter(
        Objects.requireNonNull(dataSource, "dataSource"),
        Objects.requireNonNull(dialect, "dialect").withPlaceholder(Placeholder.QUESTION_MARK));
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          JdbcWrite write = new JdbcWrite(dialect);
          writes.begin(batch, write);
          return queue
              .run(batch, worker -> batches.write(worker, batch, write))
              .onErrorMap(failure -> writes.fail(batch, write, failure))
              .doOnSuccess(verdict -> writes.end(batch));
        });
  }

  /** Returns true: all units of a batch are one transaction. */
  @Override
  public boolean supportsUnits() {
    return true;
  }

  /**
   * Withdraws a batch that still waits for its turn, its connection or the look-up of its table.
   */
  @Override
  public boolean withdraw(Batch batch) {
    return writes.withdraw(batch);
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

  private Mono<SqlTable> readTable(Schema schema) {
    return queue.run(schema, worker -> batches.readTable(worker, schema));
  }

  private Mono<List<CatalogRow>> readColumns(Schema schema) {
    return queue.run(schema, worker -> batches.readColumns(worker, schema));
  }

  /** Ends the session of the write in the server, from another connection of the DataSource. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    JdbcWrite write = writes.of(batch);
    return write == null ? Mono.just(true) : write.abandon(dataSource);
  }

  /** Cancels the statement through the driver. A batch that waits for its turn is not sent. */
  @Override
  public Mono<Void> interrupt(Batch batch) {
    return queue.interrupt(batch, () -> SqlWriteException.notSent(batch.schema(), null));
  }

  /**
   * Compares a schema with the real table, as the first batch of a schema also does. Signals a
   * {@link SqlWriteException} whose {@linkplain SqlWriteException#mismatches() mismatches} name all
   * differences.
   */
  public Mono<Void> verify(Schema schema) {
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

  /** Returns two: one batch is written while the next waits for the connection. */
  @Override
  public int maxConcurrency() {
    return 2;
  }

  @Override
  public FailureClassifier failureClassifier() {
    return failures::classify;
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

  /** Closes the connection and the thread after all earlier writes. Idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  /** Returns the codes of an exception of the driver; null for any other exception. */
  static @Nullable DriverError driverError(Throwable failure) {
    return failure instanceof SQLException driver
        ? new DriverError(driver.getSQLState(), driver.getErrorCode())
        : null;
  }
}
