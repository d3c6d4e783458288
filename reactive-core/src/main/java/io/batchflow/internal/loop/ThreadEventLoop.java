package io.batchflow.internal.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The drain on a thread of the flow's own. A plain thread, as a Reactor worker would run one
 * caller's work under another's ThreadLocals where automatic context propagation is on. Callers
 * wake it by unparking it, which takes no lock and never blocks.
 */
public final class ThreadEventLoop implements EventLoop, Runnable {

  private static final long REST = TimeUnit.MILLISECONDS.toNanos(10);

  private final Thread thread;
  private Pass pass = () -> NO_DEADLINE;
  private volatile boolean parked;
  private volatile boolean woken;
  private volatile boolean stopped;

  public ThreadEventLoop(String name) {
    this.thread = new Thread(null, this, name, 0, false); // inherits no one's ThreadLocals
    this.thread.setDaemon(true);
  }

  @Override
  public void start(Pass pass) {
    this.pass = pass;
    thread.start();
  }

  @Override
  public void wake() {
    woken = true;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** To be woken costs more than to see to a hundred rows. */
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
    wake();
  }

  @Override
  public void run() {
    while (!stopped) {
      woken = false;
      long deadline = pass.run();
      parked = true;
      if (!woken && !stopped) {
        park(deadline);
      }
      parked = false;
    }
  }

  private void park(long deadline) {
    if (deadline == NO_DEADLINE) {
      LockSupport.park(this);
    } else {
      long nanos = deadline - now();
      if (nanos > 0) {
        LockSupport.parkNanos(this, nanos);
      }
    }
  }
}
