package io.batchflow.jdbc;

import io.batchflow.sql.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** A queue whose workers run on the thread that calls them. */
final class StressedQueue {

  /** The tasks of a worker's thread. */
  private static final class Tasks implements Executor {

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger runners = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    /** Runs all tasks, one at a time, as a thread would. */
    void run() {
      if (runners.getAndIncrement() > 0) {
        return;
      }
      int seen = 1;
      while (seen > 0) {
        Runnable task;
        while ((task = tasks.poll()) != null) {
          task.run();
        }
        seen = runners.addAndGet(-seen);
      }
    }
  }

  /** The outcome of one task. */
  final class Piece {

    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger answers = new AtomicInteger();
    private final Disposable subscription;

    Piece(JdbcQueue.Work<?> work) {
      this.subscription =
          queue
              .run(
                  this,
                  worker -> {
                    runs.incrementAndGet();
                    return String.valueOf(work.on(worker));
                  })
              .subscribe(done -> answers.incrementAndGet(), failed -> answers.incrementAndGet());
    }

    void giveUp() {
      subscription.dispose();
    }

    void interrupt() {
      queue.interrupt(this, () -> new IllegalStateException("not begun")).block();
    }
  }

  private final List<Tasks> threads = new CopyOnWriteArrayList<>();
  private final DataSource database;
  private final JdbcQueue queue;

  StressedQueue() {
    this(new JdbcDataSource());
  }

  StressedQueue(DataSource database) {
    this.database = database;
    this.queue = new JdbcQueue(this::worker);
  }

  private JdbcWorker worker() {
    Tasks thread = new Tasks();
    threads.add(thread);
    return new JdbcWorker(database, Dialects.h2(), Schedulers.fromExecutor(thread, true));
  }

  Piece add(Runnable work) {
    return addWork(
        worker -> {
          work.run();
          return "done";
        });
  }

  Piece addWork(JdbcQueue.Work<?> work) {
    return new Piece(work);
  }

  /** Closes the queue when all tasks have run. */
  void close() {
    queue.close().subscribe();
    runAll();
  }

  void runFirst() {
    threads.get(0).run();
  }

  void runAll() {
    int ran;
    do {
      ran = threads.size();
      new ArrayList<>(threads).forEach(Tasks::run);
    } while (threads.size() > ran || threads.stream().anyMatch(thread -> !thread.tasks.isEmpty()));
  }
}
