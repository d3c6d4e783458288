package io.batchflow.internal.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A Scheduler that loses no task. A task that the wrapped Scheduler rejects runs on {@link
 * Schedulers#parallel()}, or at once if that rejects it too. Exceptions of tasks go to a handler:
 * Reactor rethrows fatal errors past all operators, and the wrapped Scheduler would only log them.
 */
public final class SafeScheduler implements Scheduler {

  private final Scheduler scheduler;
  private final Consumer<Throwable> thrown;

  public SafeScheduler(Scheduler scheduler) {
    this(scheduler, Safely::drop);
  }

  private SafeScheduler(Scheduler scheduler, Consumer<Throwable> thrown) {
    this.scheduler = scheduler;
    this.thrown = thrown;
  }

  /** Returns the same Scheduler with another handler for exceptions of tasks. */
  public SafeScheduler handling(Consumer<Throwable> thrown) {
    return new SafeScheduler(scheduler, thrown);
  }

  @Override
  public Disposable schedule(Runnable task) {
    Task safe = new Task(task);
    try {
      return scheduler.schedule(safe);
    } catch (Throwable rejected) {
      return safe.begun ? Disposables.disposed() : scheduleElsewhere(safe);
    }
  }

  private static Disposable scheduleElsewhere(Task task) {
    try {
      return Schedulers.parallel().schedule(task);
    } catch (Throwable rejected) {
      task.run();
      return Disposables.disposed();
    }
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    Task safe = new Task(task);
    try {
      return scheduler.schedule(safe, delay, unit);
    } catch (Throwable rejected) {
      return safe.begun
          ? Disposables.disposed()
          : Schedulers.parallel().schedule(safe, delay, unit);
    }
  }

  /** Workers are not guarded: the engine does not use them. */
  @Override
  public Worker createWorker() {
    return scheduler.createWorker();
  }

  @Override
  public long now(TimeUnit unit) {
    try {
      return scheduler.now(unit);
    } catch (Throwable broken) {
      return unit.convert(System.currentTimeMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public boolean isDisposed() {
    return scheduler.isDisposed();
  }

  @Override
  public String toString() {
    return scheduler.toString();
  }

  private final class Task implements Runnable {

    private final Runnable task;

    /** A Scheduler may run the task at once and throw afterwards. */
    private volatile boolean begun;

    Task(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      begun = true;
      try {
        task.run();
      } catch (Throwable failure) {
        thrown.accept(failure);
      }
    }
  }
}
