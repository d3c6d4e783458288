package io.batchflow.jdbc;

import java.sql.SQLException;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Runs tasks on a worker, one after the other. A worker that hangs in its driver is abandoned
 * together with its connection, and another one continues with the waiting tasks. Safe for any
 * thread.
 */
final class JdbcQueue {

  /** Runs on the thread of a worker. */
  @FunctionalInterface
  interface Work<T> {

    T on(JdbcWorker worker) throws SQLException;
  }

  private final Supplier<JdbcWorker> workers;
  private final AtomicReference<JdbcWorker> worker;
  private final Deque<Task<?>> waiting = new ConcurrentLinkedDeque<>();

  /**
   * @param workers creates a worker, which opens nothing before its first task
   */
  JdbcQueue(Supplier<JdbcWorker> workers) {
    this.workers = workers;
    this.worker = new AtomicReference<>(workers.get());
  }

  /**
   * Runs a task in its turn. If it is cancelled while it runs, its worker is abandoned.
   *
   * @param name the name by which the task can be interrupted
   */
  <T> Mono<T> run(Object name, Work<T> work) {
    // Not subscribeOn: a cancel would interrupt the thread, which damages files of some databases.
    return Mono.create(
        sink -> {
          Task<T> task = new Task<>(name, work, sink);
          waiting.add(task);
          sink.onCancel(() -> giveUp(task));
          try {
            wake(worker());
          } catch (RejectedExecutionException closed) {
            waiting.remove(task);
            sink.error(closed);
          }
        });
  }

  /**
   * Asks the driver to cancel the running task of a name. A waiting task of that name is not run.
   *
   * @param notBegun the failure of such a task
   */
  Mono<Void> interrupt(Object name, Supplier<Throwable> notBegun) {
    return Mono.<Void>create(
            sink -> {
              List<Task<?>> named =
                  waiting.stream().filter(task -> task.name.equals(name)).toList();
              for (Task<?> task : named) {
                if (waiting.remove(task)) {
                  task.sink.error(notBegun.get());
                }
              }
              worker()
                  .interrupt(
                      doing -> doing instanceof Task<?> running && running.name.equals(name));
              sink.success();
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  /** Ends the worker after all earlier tasks. */
  Mono<Void> close() {
    return run(
            this,
            current -> {
              current.closeSession();
              return current;
            })
        .flatMap(JdbcWorker::end);
  }

  private JdbcWorker worker() {
    return Objects.requireNonNull(worker.get());
  }

  private void giveUp(Task<?> task) {
    task.givenUp = true;
    if (!waiting.remove(task) && worker().abandon(task)) {
      JdbcWorker next = workers.get();
      worker.set(next);
      waiting.forEach(left -> wake(next));
    }
  }

  private void wake(JdbcWorker worker) {
    worker.execute(() -> next(worker));
  }

  private void next(JdbcWorker awake) {
    Task<?> task = waiting.poll();
    if (task == null) {
      return; // the task was cancelled, or another worker ran it
    }
    if (!awake.begin(task)) {
      leave(task);
      return;
    }
    try {
      task.run(awake);
    } finally {
      awake.finish(task);
    }
  }

  /** Passes a task from an abandoned worker to the next one. */
  private void leave(Task<?> task) {
    waiting.addFirst(task);
    try {
      wake(worker());
    } catch (RejectedExecutionException stillTheOldOne) {
      // The next worker is woken for all waiting tasks when it is created.
    }
  }

  private static final class Task<T> {

    private final Object name;
    private final Work<T> work;
    private final MonoSink<T> sink;
    private volatile boolean givenUp;

    Task(Object name, Work<T> work, MonoSink<T> sink) {
      this.name = name;
      this.work = work;
      this.sink = sink;
    }

    /**
     * giveUp sets the flag before it looks for the task, so the task is abandoned or does not run.
     */
    void run(JdbcWorker worker) {
      if (givenUp) {
        return;
      }
      try {
        sink.success(work.on(worker));
      } catch (SQLException | RuntimeException | LinkageError failure) {
        sink.error(failure);
      }
    }
  }
}
