package io.batchflow.jdbc;

import io.batchflow.sql.SqlDialect;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/** A thread and the one connection that it uses, opened when it is needed. */
final class JdbcWorker {

  private static final Logger LOG = Loggers.getLogger(JdbcWorker.class);
  private static final int MAX_QUEUED = 1_000;

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final Scheduler thread;

  // Set by the thread alone.
  private volatile @Nullable JdbcSession session;
  private volatile @Nullable Object task;

  private volatile boolean abandoned;

  JdbcWorker(DataSource dataSource, SqlDialect dialect) {
    this(
        dataSource,
        dialect,
        Schedulers.newBoundedElastic(1, MAX_QUEUED, "batchflow-jdbc", 60, true));
  }

  /**
   * @param thread does one thing after the other
   */
  JdbcWorker(DataSource dataSource, SqlDialect dialect, Scheduler thread) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.thread = thread;
  }

  void execute(Runnable work) {
    thread.schedule(work);
  }

  // ---- the thread itself

  void begin(Object task) {
    this.task = task;
  }

  void finish() {
    task = null;
  }

  /** Returns the session; opens it if there is none. */
  JdbcSession session() throws SQLException {
    JdbcSession current = session;
    if (current == null) {
      current = JdbcSession.open(dataSource, dialect);
      session = current;
      if (abandoned) {
        throw new CancellationException("Given up before it was sent");
      }
    }
    return current;
  }

  void closeSession() {
    JdbcSession current = session;
    if (current != null) {
      session = null;
      current.close();
    }
  }

  // ---- any thread

  /** Returns what it is doing, or null. */
  @Nullable Object task() {
    return task;
  }

  /** Has the driver end the statement, which may block the caller. */
  void interrupt() {
    JdbcSession current = session;
    try {
      if (current != null) {
        current.interrupt();
      }
    } catch (SQLException unable) {
      LOG.debug("A statement could not be cancelled", unable);
    }
  }

  /**
   * Takes the connection from under what hangs. Drivers may ignore that, so the thread ends by
   * itself, should it ever come back.
   */
  void abandon() {
    abandoned = true;
    JdbcSession current = session;
    if (current != null) {
      Schedulers.boundedElastic().schedule(current::abort);
    }
    execute(
        () -> {
          closeSession();
          end().subscribe();
        });
  }

  /** Ends the thread. Not gracefully: that leaves one of Reactor's that holds up the JVM's end. */
  Mono<Void> end() {
    return Mono.<Void>fromRunnable(thread::dispose).subscribeOn(Schedulers.boundedElastic());
  }
}
