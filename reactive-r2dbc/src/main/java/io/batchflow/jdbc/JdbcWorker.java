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

/** A thread and its connection, which is opened when it is needed. */
final class JdbcWorker {

  private static final Logger LOG = Loggers.getLogger(JdbcWorker.class);
  private static final int MAX_QUEUED = 1_000;
  private static final Object NOTHING = new Object();
  private static final Object ABANDONED = new Object();

  private final DataSource dataSource;
  private final SqlDialect dialect;
  private final Scheduler thread;

  /** The running task, or one of the constants above. */
  private final AtomicReference<Object> doing = new AtomicReference<>(NOTHING);

  /** Keeps a task from ending during a cancel, which would then hit the next statement. */
  private final Lock interrupting = new ReentrantLock();

  /** Set by the worker's thread only. */
  private volatile @Nullable JdbcSession session;

  JdbcWorker(DataSource dataSource, SqlDialect dialect) {
    this(
        dataSource,
        dialect,
        Schedulers.newBoundedElastic(1, MAX_QUEUED, "batchflow-jdbc", 60, true));
  }

  /**
   * @param thread runs one task after the other
   */
  JdbcWorker(DataSource dataSource, SqlDialect dialect, Scheduler thread) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.thread = thread;
  }

  void execute(Runnable work) {
    thread.schedule(work);
  }

  // ---- called on the worker's thread

  /** Begins a task. Returns false if the worker was abandoned, and must do nothing. */
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

  /** Returns the session. Opens it if there is none. */
  JdbcSession session() throws SQLException {
    JdbcSession current = session;
    if (current == null) {
      current = JdbcSession.open(dataSource, dialect);
      session = current;
      if (isDoing(ABANDONED)) {
        throw new CancellationException("The write was cancelled before it was sent");
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

  // ---- called on any thread

  private boolean isDoing(Object task) {
    return task.equals(doing.get());
  }

  /** Cancels the statement of a matching task through the driver. May block. */
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
   * Aborts the connection of a task that hangs. A driver may ignore that, so the thread ends itself
   * if its call ever returns.
   *
   * @return false if the task is over and the worker is still usable
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

  /** Ends the thread. Not gracefully, as Reactor would keep a thread that delays the JVM exit. */
  Mono<Void> end() {
    return Mono.<Void>fromRunnable(thread::dispose).subscribeOn(Schedulers.boundedElastic());
  }
}
