package io.batchflow.jdbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.DriverError;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.batchflow.sql.WritesUnderWay;
import io.batchflow.sql.dialect.Dialects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches through blocking JDBC on one thread and one connection of its own: each batch is
 * one transaction of multi-row statements that stay prepared. This suits an embedded database with
 * one writer, such as SQLite. PostgreSQL, MySQL and MariaDB work, too, one batch after the other;
 * there {@code R2dbcBatchWriter} writes several batches at a time.
 *
 * <p>The connection is opened by the first write, kept, opened anew after a failure that may have
 * harmed it, and closed by {@link #close()}; the DataSource handed in stays open. It may hand its
 * connections out with auto-commit off, which is set, but not within a transaction. A write past
 * its deadline is ended by {@code Statement.cancel}, or never sent if it still waits for its turn;
 * one that is given up, which is what cancelling means, has its connection aborted, and another
 * thread and connection go on with the rest. Safe for any thread.
 */
public final class JdbcBatchWriter implements BatchWriter {

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final SqlFailures failures;
  private final JdbcQueue queue;
  private final Mono<Void> close;
  private final TableCache tables = new TableCache();
  private final BatchWrites batches;
  private final WritesUnderWay<JdbcWrite> writes;

  private JdbcBatchWriter(DataSource dataSource, SqlDialect dialect) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.failures = new SqlFailures(dialect, JdbcBatchWriter::driverError);
    this.writes = new WritesUnderWay<>(JdbcWrite::state, failures::classify);
    this.batches = new BatchWrites(dialect, failures, tables);
    this.queue = new JdbcQueue(() -> new JdbcWorker(dataSource, dialect));
    this.close = Mono.defer(queue::close).cache();
  }

  /**
   * Creates a writer with the dialect of the source's database, which a connection opened for a
   * moment tells: this blocks.
   *
   * @throws InvalidConfigurationException if there is no dialect for the database
   * @throws IllegalStateException if no connection can be had
   */
  public static JdbcBatchWriter create(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      return create(dataSource, Dialects.of(connection.getMetaData().getDatabaseProductName()));
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "The DataSource gives no connection to ask for its database. The cause has the driver's"
              + " reason; create(DataSource, SqlDialect) does not need to ask.",
          failure);
    }
  }

  /** Creates a writer with a dialect; opens nothing yet. */
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

  /** Withdraws what still waits for its turn, for the connection or for the table's look-up. */
  @Override
  public boolean withdraw(Batch batch) {
    return writes.withdraw(batch);
  }

  @Override
  public @Nullable KeyEquality keyEquality(Schema schema) {
    return tables.keyEquality(schema, dialect);
  }

  @Override
  public Mono<Void> lookUp(Schema schema) {
    return queue.run(schema, worker -> batches.table(worker, schema)).then();
  }

  /** Ends the write's session in the server, from another connection of the DataSource's. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    JdbcWrite write = writes.of(batch);
    return write == null ? Mono.just(true) : write.abandon(dataSource);
  }

  /** Has the driver cancel the statement; a batch that still waits for its turn is not sent. */
  @Override
  public Mono<Void> interrupt(Batch batch) {
    return queue.interrupt(batch, () -> SqlWriteException.notSent(batch.schema(), null));
  }

  /**
   * Compares a schema with the real table, as the first batch of a schema does too. Signals a
   * {@link SqlWriteException} whose {@linkplain SqlWriteException#mismatches() mismatches} name
   * what does not fit.
   */
  public Mono<Void> verify(Schema schema) {
    return queue
        .run(
            schema,
            worker -> {
              tables.forget(schema);
              return batches.table(worker, schema);
            })
        .then();
  }

  /**
   * Returns the statements that rows would become as one batch, without running them.
   *
   * @param rows rows of one schema, at least one
   */
  public Mono<SqlPreview> preview(List<Row> rows) {
    Schema schema = rows.get(0).schema();
    return queue
        .run(schema, worker -> batches.table(worker, schema))
        .map(table -> SqlPreview.of(dialect, table, rows, BatchWrites::roundSize));
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
  public @Nullable String statusCode(Throwable failure) {
    return failures.statusCode(failure);
  }

  /** Closes the connection and the thread once the writes before it are done; idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  /** Returns the codes of the driver's own exception; null for any other exception. */
  static @Nullable DriverError driverError(Throwable failure) {
    return failure instanceof SQLException driver
        ? new DriverError(driver.getSQLState(), driver.getErrorCode())
        : null;
  }
}
