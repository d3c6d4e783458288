package io.batchflow.internal.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs the drain on the flow's own thread, and on threads of its scheduler that {@linkplain #help()
 * help}. A helper saves the wake-up of another thread. Callers wake the flow's own thread with
 * unpark, which takes no lock and never blocks. It is a plain thread: with automatic context
 * propagation, a Reactor worker would run one caller's work under the ThreadLocals of another.
 */
public final class ThreadEventLoop implements EventLoop, Runnable {

  private static final long REST = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long MOMENT = TimeUnit.MICROSECONDS.toNanos(100);

  /** The loop that a thread helps at the moment. */
  private static final ThreadLocal<ThreadEventLoop> HELPED = new ThreadLocal<>();

  private final Thread thread;

  /** The written Context, though empty, clears the ThreadLocals of the row that ended last. */
  private final Mono<Void> underNobody =
      Mono.<Void>fromRunnable(this::helpAll).contextWrite(Function.identity());

  /** Counts the requested passes. The thread that raises it from zero runs them. */
  private final AtomicInteger wakeUps = new AtomicInteger();

  private Pass pass = () -> NO_DEADLINE;

  /** Whether a helper runs the passes. Only the drain uses it. */
  private boolean helping;

  /** The task that the helper runs after the passes. Only the drain uses it. */
  private @Nullable Runnable kept;

  /** Whether the flow's own thread must run the passes. */
  private volatile boolean handedOver;

  /** When the next pass is due, as the last pass said. */
  private volatile long deadline = NO_DEADLINE;

  private volatile long sleepsUntil = NO_DEADLINE;
  private volatile boolean parked;
  private volatile boolean stopped;

  public ThreadEventLoop(String name) {
    this.thread = new Thread(null, this, name, 0, false); // inherits no ThreadLocals
    this.thread.setDaemon(true);
  }

  @Override
  public void start(Pass pass) {
    this.pass = pass;
    thread.start();
  }

  @Override
  public void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      handOver();
    }
  }

  private void handOver() {
    handedOver = true;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void help() {
    ThreadEventLoop helped = HELPED.get();
    if (helped == null) {
      try {
        underNobody.subscribe();
      } catch (Throwable thrownByHook) {
        wake();
      }
    } else if (helped != this) {
      wake();
    } // else this thread runs another pass after its present work
  }

  private void helpAll() {
    HELPED.set(this);
    try {
      Runnable task = null;
      do {
        if (wakeUps.getAndIncrement() != 0) {
          return;
        }
        task = passes(true);
        if (task != null) {
          Safely.run(task);
        }
      } while (task != null);
    } finally {
      HELPED.remove();
    }
  }

  @Override
  public boolean letsHelp() {
    return true;
  }

  @Override
  public @Nullable Runnable keep(Runnable task) {
    if (!helping) {
      return task;
    }
    Runnable before = kept;
    kept = task;
    return before;
  }

  /** A wake-up costs more than a pass over a hundred rows. */
  @Override
  public long longestRest() {
    return REST;
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    while (!stopped) {
      if (handedOver) {
        handedOver = false;
        passes(false);
      } else if (isDue()) {
        if (wakeUps.getAndIncrement() == 0) {
          passes(false);
        } else {
          LockSupport.parkNanos(this, MOMENT); // another thread runs the pass: check again soon
        }
      } else {
        sleep(deadline);
      }
    }
  }

  private boolean isDue() {
    long due = deadline;
    return due != NO_DEADLINE && due - now() <= 0;
  }

  /** Runs the requested passes. Returns the task that the helper must run afterwards. */
  private @Nullable Runnable passes(boolean help) {
    helping = help;
    int missed = wakeUps.get();
    while (true) {
      deadline = stopped ? NO_DEADLINE : pass.run();
      if (help && deadline < sleepsUntil) {
        LockSupport.unpark(thread);
      }
      Runnable task = kept;
      kept = null;
      missed = wakeUps.addAndGet(-missed);
      if (missed == 0) {
        return task;
      }
      if (task != null) { // the task must not wait for more passes
        handOver();
        return task;
      }
    }
  }

  private void sleep(long until) {
    sleepsUntil = until;
    parked = true;
    if (!handedOver && deadline == until && !stopped) {
      if (until == NO_DEADLINE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, until - now());
      }
    }
    parked = false;
    sleepsUntil = NO_DEADLINE;
  }
}
