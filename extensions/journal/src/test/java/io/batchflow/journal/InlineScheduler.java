package io.batchflow.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A scheduler without a thread. The caller that schedules a task runs it. If another caller is
 * running a task, that caller runs both. The clock only moves when told to.
 */
final class InlineScheduler implements Scheduler {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Set<Runnable> timers = new HashSet<>();
  private final AtomicInteger toRun = new AtomicInteger();
  private boolean disposed;
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public Disposable schedule(Runnable task) {
    synchronized (tasks) {
      if (disposed) {
        throw new RejectedExecutionException();
      }
      tasks.add(task);
    }
    if (toRun.getAndIncrement() == 0) {
      do {
        runNext();
      } while (toRun.decrementAndGet() != 0);
    }
    return Disposables.disposed();
  }

  private void runNext() {
    Runnable task;
    synchronized (tasks) {
      task = tasks.poll();
    }
    if (task != null) {
      task.run();
    }
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    if (delay <= 0) {
      return schedule(task);
    }
    Runnable timer = () -> schedule(task);
    synchronized (tasks) {
      timers.add(timer);
    }
    return () -> {
      synchronized (tasks) {
        timers.remove(timer);
      }
    };
  }

  /** Moves the clock and runs the tasks that are due. */
  void passTime(Duration time) {
    nanos.addAndGet(time.toNanos());
    List<Runnable> due;
    synchronized (tasks) {
      due = List.copyOf(timers);
      timers.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public long now(TimeUnit unit) {
    return unit.convert(nanos.get(), TimeUnit.NANOSECONDS);
  }

  /** Drops waiting tasks, as executors do. */
  @Override
  public void dispose() {
    synchronized (tasks) {
      disposed = true;
      tasks.clear();
    }
  }

  @Override
  public Mono<Void> disposeGracefully() {
    return Mono.fromRunnable(
        () -> {
          synchronized (tasks) {
            disposed = true;
          }
        });
  }

  @Override
  public Worker createWorker() {
    return Schedulers.immediate().createWorker();
  }
}
