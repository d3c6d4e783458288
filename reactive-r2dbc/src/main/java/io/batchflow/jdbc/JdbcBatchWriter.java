package io.batchflow.jdbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes batches through blocking JDBC on one thread and one connection of its own, which is what
 * an embedded database with one writer, such as SQLite, wants: each batch is one transaction of
 * multi-row statements that stay prepared.
 *
 * <p>The connection is opened by the first write, kept, opened anew after a failure that may have
 * harmed it, and closed by {@link #close()}; the DataSource handed in stays open. A write past its
 * deadline is ended by {@code Statement.cancel}; one that is given up, which is what cancelling
 * means, has its connection aborted. Safe for any thread.
 */
public final class JdbcBatchWriter implements BatchWriter {

  private static final int MAX_QUEUED = 1_000;
  private static final int MAX_TABLES = 1_000;
  private static final int MAX_RACES = 3;
  private static final int MAX_ROWS = 512;

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final Scheduler thread =
      Schedulers.newBoundedElastic(1, MAX_QUEUED, "batchflow-jdbc", 60, true);

  // Not disposeGracefully: it leaves a thread of Reactor's that holds up the JVM's end by 10 s.
  private final Mono<Void> close =
      Mono.fromRunnable(this::closeSession)
          .subscribeOn(thread)
          .then(Mono.<Void>fromRunnable(thread::dispose).subscribeOn(Schedulers.boundedElastic()))
          .cache();

  // All are set by the thread alone; the tables are read by it alone, too.
  private final Map<Schema, SqlTable> tables = new HashMap<>();
  private volatile @Nullable JdbcSession session;
  private volatile @Nullable Batch running;

  private JdbcBatchWriter(DataSource dataSource, SqlDialect dialect) {
    this.dataSource = dataSource;
    this.dialect = dialect;
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
      return create(dataSource, SqlDialect.of(connection.getMetaData().getDatabaseProductName()));
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
        Objects.requireNonNull(dialect, "dialect"));
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    // Subscribed apart: the thread is not to be interrupted, but the statement.
    return Mono.create(
        sink -> {
          AtomicBoolean givenUp = new AtomicBoolean();
          sink.onCancel(
              () -> {
                givenUp.set(true);
                abort(batch);
              });
          onThread(() -> store(batch, givenUp))
              .subscribe(sink::success, sink::error, sink::success);
        });
  }

  /** Has the driver cancel the statement, which then fails on its own thread. */
  @Override
  public Mono<Void> interrupt(Batch batch) {
    return Mono.fromCallable(
            () -> {
              JdbcSession current = session;
              if (current != null && batch.equals(running)) {
                current.interrupt();
              }
              return null;
            })
        .subscribeOn(Schedulers.boundedElastic())
        .then();
  }

  private void abort(Batch batch) {
    JdbcSession current = session;
    if (current != null && batch.equals(running)) {
      Schedulers.boundedElastic().schedule(current::abort);
    }
  }

  /**
   * Compares a schema with the real table, as the first batch of a schema does too. Signals a
   * {@link SqlWriteException} whose {@linkplain SqlWriteException#mismatches() mismatches} name
   * what does not fit.
   */
  public Mono<Void> verify(Schema schema) {
    return onThread(
            () -> {
              tables.remove(schema);
              return table(session(schema), schema);
            })
        .then();
  }

  /**
   * Returns the statements that rows would become as one batch, without running them.
   *
   * @param requests rows of one schema, at least one
   */
  public Mono<SqlPreview> preview(List<Request> requests) {
    Schema schema = requests.get(0).schema();
    return onThread(() -> table(session(schema), schema))
        .map(table -> SqlPreview.of(dialect, table, requests, JdbcBatchWriter::roundSize));
  }

  /** Not subscribeOn: it would interrupt the work when cancelled. */
  private <T> Mono<T> onThread(Callable<T> work) {
    return Mono.create(
        sink ->
            thread.schedule(() -> Mono.fromCallable(work).subscribe(sink::success, sink::error)));
  }

  @Override
  public FailureClassifier failureClassifier() {
    return this::classify;
  }

  @Override
  public String system() {
    return dialect.system();
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    Throwable cause = failure instanceof SqlWriteException ? failure.getCause() : failure;
    return cause instanceof SQLException driver
        ? dialect.statusCode(driver.getSQLState(), driver.getErrorCode())
        : null;
  }

  /** Closes the connection and the thread once the writes before it are done; idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  private BatchResult store(Batch batch, AtomicBoolean givenUp) throws SQLException {
    if (givenUp.get()) {
      throw new CancellationException("Given up before it was sent");
    }
    JdbcSession current = session(batch.schema());
    running = batch;
    try {
      return storeDespiteRaces(current, table(current, batch.schema()), batch);
    } catch (SQLException | RuntimeException failure) {
      recover(batch, classify(failure), isReadOnly(failure));
      throw failure;
    } finally {
      running = null;
    }
  }

  private BatchResult storeDespiteRaces(JdbcSession current, SqlTable table, Batch batch)
      throws SQLException {
    for (int lost = 0; ; lost++) {
      try {
        return current.run(
            SqlStatement.of(dialect, table, batch, JdbcBatchWriter::roundSize), batch);
      } catch (SQLException failure) {
        if (lost == MAX_RACES || !isLostRace(batch.schema(), failure)) {
          throw failure;
        }
      }
    }
  }

  private JdbcSession session(Schema schema) {
    JdbcSession current = session;
    if (current == null) {
      try {
        current = JdbcSession.open(dataSource, dialect);
      } catch (SQLException failure) {
        throw SqlWriteException.notConnected(schema, lasts(failure), failure);
      }
      session = current;
    }
    return current;
  }

  private SqlTable table(JdbcSession current, Schema schema) throws SQLException {
    SqlTable table = tables.get(schema);
    if (table == null) {
      table = current.table(schema);
      remember(table);
    }
    return table;
  }

  /** Few sizes, so that each has its statement prepared. */
  private static int roundSize(int rows) {
    return Integer.highestOneBit(Math.min(rows, MAX_ROWS));
  }

  private void remember(SqlTable table) {
    if (tables.size() >= MAX_TABLES) {
      tables.clear();
    }
    tables.put(table.schema(), table);
  }

  /** The connection goes unless it is surely sound, and a table that may have changed as well. */
  private void recover(Batch batch, FailureKind kind, boolean readOnly) {
    if (kind == FailureKind.PERMANENT || (kind == FailureKind.DATA && batch.size() == 1)) {
      tables.remove(batch.schema());
    }
    if (kind == FailureKind.PERMANENT || kind == FailureKind.UNKNOWN || readOnly) {
      closeSession();
    }
  }

  private void closeSession() {
    JdbcSession current = session;
    if (current != null) {
      current.close();
      session = null;
    }
  }

  /** Drivers of embedded databases give no SQLSTATE: of a file that cannot be opened, say. */
  private boolean lasts(SQLException failure) {
    return failure.getSQLState() == null
        ? classify(failure) == FailureKind.PERMANENT
        : SqlWriteException.isRefusal(failure.getSQLState());
  }

  private FailureKind classify(Throwable failure) {
    if (failure instanceof SqlWriteException own) {
      return own.kind();
    }
    return failure instanceof SQLException driver
        ? dialect.classify(driver.getSQLState(), driver.getErrorCode())
        : FailureClassifier.standard().classify(failure);
  }

  private boolean isLostRace(Schema schema, SQLException failure) {
    return dialect.isLostRace(schema.onConflict(), failure.getSQLState(), failure.getErrorCode());
  }

  private boolean isReadOnly(Exception failure) {
    return failure instanceof SQLException driver
        && dialect.isReadOnly(driver.getSQLState(), driver.getErrorCode());
  }
}
