package io.batchflow.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * Runs the drain, one pass at a time, and owns the flow's clock and its one timer. Two kinds: a
 * thread of the flow's own, and a Scheduler's for virtual time.
 */
public interface EventLoop {

  /** Returned by a pass that waits for nothing but events. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /** One pass of the drain. */
  interface Pass {

    /** Runs and returns the clock's time of the next pass, should no event come earlier. */
    long run();
  }

  /** Sets what to run. Called once, before anything else. */
  void start(Pass pass);

  /** Asks for a pass; from any thread. */
  void wake();

  /**
   * Asks for a pass, which may run on this thread if no other runs one. Only for threads that may
   * run user code: a thread that helps also does what the pass {@linkplain #keep keeps} for it.
   */
  default void help() {
    wake();
  }

  /** Whether a thread that helps runs the pass itself. */
  default boolean letsHelp() {
    return false;
  }

  /**
   * Leaves a task to the thread that helps; for the drain alone.
   *
   * @return the task to be scheduled instead; null if there is none
   */
  default @Nullable Runnable keep(Runnable task) {
    return task;
  }

  /**
   * Returns how long rows may lie unseen while none can be sent, in nanoseconds. 0 where each is to
   * be seen at once: whoever has a clock of their own looks at the statistics right after.
   */
  default long longestRest() {
    return 0;
  }

  /** Returns the flow's clock, in nanoseconds from an arbitrary start. */
  long now();

  /** Ends the loop; the running pass is the last. */
  void stop();
}
