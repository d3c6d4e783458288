package io.batchflow.internal.loop;

import org.jspecify.annotations.Nullable;

/** Runs the drain, one pass at a time, and owns the flow's clock and its only timer. */
public interface EventLoop {

  /** Returned by a pass that waits only for events. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /** One pass of the drain. */
  interface Pass {

    /** Runs and returns the time of the next pass if no event comes earlier. */
    long run();
  }

  /** Sets the pass and starts the loop. Called once, before all other methods. */
  void start(Pass pass);

  /** Requests a pass. Thread-safe. */
  void wake();

  /**
   * Requests a pass. It may run on this thread if no other thread runs one. Only for threads that
   * may run user code, since the thread also runs the task that the pass {@linkplain #keep keeps}.
   */
  default void help() {
    wake();
  }

  /** Whether a thread that helps runs the pass itself. */
  default boolean letsHelp() {
    return false;
  }

  /**
   * Keeps a task for the helper, which runs it after its passes. Only for the drain.
   *
   * @return the task that must be scheduled instead; null if there is none
   */
  default @Nullable Runnable keep(Runnable task) {
    return task;
  }

  /**
   * Returns the longest delay in nanoseconds before the drain looks at new rows while all slots are
   * busy. 0 means immediately, as virtual-time tests expect current statistics.
   */
  default long longestRest() {
    return 0;
  }

  /** Returns the flow's time, in nanoseconds from an arbitrary start. */
  long now();

  /** Stops the loop after the running pass. */
  void stop();
}
