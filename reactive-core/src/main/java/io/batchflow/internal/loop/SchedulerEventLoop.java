package io.batchflow.internal.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the drain on a Reactor Scheduler, with its clock and timers, as virtual time requires. The
 * counter of wake-ups ensures that only one pass runs at a time.
 */
public final class SchedulerEventLoop implements EventLoop, Runnable {

  private final Scheduler scheduler;
  private final AtomicInteger wakeUps = new AtomicInteger();

  /**
   * Writing the Context, even unchanged, stops the propagation of the caller's ThreadLocals.
   * Created here, since Reactor reads files on first use, which would block a scheduler's thread.
   */
  private final Mono<Void> underNobody =
      Mono.<Void>fromRunnable(this::passes).contextWrite(Function.identity());

  private Pass pass = () -> NO_DEADLINE;
  private @Nullable Timer timer;
  private volatile boolean stopped;

  public SchedulerEventLoop(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void start(Pass pass) {
    this.pass = pass;
  }

  @Override
  public void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      scheduler.schedule(this);
    }
  }

  @Override
  public long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    underNobody.subscribe();
  }

  private void passes() {
    int missed = wakeUps.get();
    do {
      long deadline = stopped ? NO_DEADLINE : pass.run();
      arm(stopped ? NO_DEADLINE : deadline);
      missed = wakeUps.addAndGet(-missed);
    } while (missed != 0);
  }

  /** Keeps one timer. An earlier timer is kept, and the pass it triggers sets the next one. */
  private void arm(long deadline) {
    if (timer != null) {
      if (!timer.fired && deadline != NO_DEADLINE && timer.at - deadline <= 0) {
        return;
      }
      timer.task.dispose();
      timer = null;
    }
    if (deadline != NO_DEADLINE) {
      timer = new Timer(deadline);
    }
  }

  private final class Timer implements Runnable {

    private final long at;
    private final Disposable task;
    private volatile boolean fired;

    Timer(long at) {
      this.at = at;
      this.task = scheduler.schedule(this, Math.max(0, at - now()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      fired = true;
      wake();
    }
  }
}
