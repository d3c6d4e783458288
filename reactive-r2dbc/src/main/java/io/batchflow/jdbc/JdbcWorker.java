package io.batchflow.jdbc;

import io.batchflow.sql.SqlDialect;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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
  private static final Object NOTHING = new Object();
  private static final Object ABANDONED = new Object();

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final Scheduler thread;

  /** The task that it does, or one of those above. */
  private final AtomicReference<Object> doing = new AtomicReference<>(NOTHING);

  /** Keeps a task from ending while its statement is cancelled, which might be the next one's. */
  private final Lock interrupting = new ReentrantLock();

  /** Set by the thread alone. */
  private volatile @Nullable JdbcSession session;

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

  /** Returns false if the worker was abandoned, and must not do anything any more. */
  boolean begin(Object task) {
    return doing.compareAndSet(NOTHING, task);
  }

  void finish(Object task) {
    interrupting.lock();
    try {
      doing.compareAndSet(task, NOTHING);
    } finally {
      interrupting.unlock();
    }
  }

  /** Returns the session; opens it if there is none. */
  JdbcSession session() throws SQLException {
    JdbcSession current = session;
    if (current == null) {
      current = JdbcSession.open(dataSource, dialect);
      session = current;
      if (isDoing(ABANDONED)) {
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

  private boolean isDoing(Object task) {
    return task.equals(doing.get());
  }

  /** Has the driver end the statement of such a task, which may block the caller. */
  void interrupt(Predicate<@Nullable Object> task) {
    interrupting.lock();
    try {
      JdbcSession current = session;
      if (current != null && task.test(doing.get())) {
        current.interrupt();
      }
    } catch (SQLException unable) {
      LOG.debug("A statement could not be cancelled: {}", unable.getClass().getName());
    } finally {
      interrupting.unlock();
    }
  }

  /**
   * Takes the connection from under a task that hangs. Drivers may ignore that, so the thread ends
   * by itself, should it ever come back.
   *
   * @return false if the task is over, and the worker as good as before
   */
  boolean abandon(Object task) {
    if (!doing.compareAndSet(task, ABANDONED)) {
      return false;
    }
    JdbcSession current = session;
    if (current != null) {
      Schedulers.boundedElastic().schedule(current::abort);
    }
    execute(
        () -> {
          closeSession();
          end().subscribe();
        });
    return true;
  }

  /** Ends the thread. Not gracefully: that leaves one of Reactor's that holds up the JVM's end. */
  Mono<Void> end() {
    return Mono.<Void>fromRunnable(thread::dispose).subscribeOn(Schedulers.boundedElastic());
  }
}
