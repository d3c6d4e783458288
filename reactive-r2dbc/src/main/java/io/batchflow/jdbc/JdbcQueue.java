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
 * What is to be done over JDBC, one after the other, by a worker. One that hangs in its driver is
 * left to itself, with its connection, and another goes on with what is waiting. For any thread.
 */
final class JdbcQueue {

  /** Does something on a worker's own thread. */
  @FunctionalInterface
  interface Work<T> {

    T on(JdbcWorker worker) throws SQLException;
  }

  private final Supplier<JdbcWorker> workers;
  private final AtomicReference<JdbcWorker> worker;
  private final Deque<Task<?>> waiting = new ConcurrentLinkedDeque<>();

  /**
   * @param workers makes a worker, which opens nothing before it has work
   */
  JdbcQueue(Supplier<JdbcWorker> workers) {
    this.workers = workers;
    this.worker = new AtomicReference<>(workers.get());
  }

  /**
   * Does something in its turn. Cancelled while it runs, it is given up together with its worker.
   *
   * @param name by which it can be interrupted
   */
  <T> Mono<T> run(Object name, Work<T> work) {
    // Not subscribeOn: it would interrupt the thread when cancelled, and some databases' files.
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
   * Asks the driver to end what runs under a name; what has not begun never does.
   *
   * @param notBegun what that fails with
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

  /** Ends the worker, when what was asked for before is done. */
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
      return; // given up, or done by another worker
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

  /** Leaves to the next worker what was taken by one that had been abandoned. */
  private void leave(Task<?> task) {
    waiting.addFirst(task);
    try {
      wake(worker());
    } catch (RejectedExecutionException stillTheOldOne) {
      // The next is woken for all that wait, once it is there.
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

    /** Whoever gives it up looks for it after that, and finds it begun or lets it not begin. */
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
