package io.batchflow.internal.loop;

import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Runs user code, which may throw anything. */
public final class Safely {

  private Safely() {}

  /** Runs the code and drops its exceptions. */
  public static void run(Runnable code) {
    try {
      code.run();
    } catch (Throwable thrown) {
      drop(thrown);
    }
  }

  /**
   * Passes a failure to Reactor's hook for dropped errors, which logs it unless it was replaced.
   */
  public static void drop(Throwable failure) {
    try {
      Operators.onErrorDropped(failure, Context.empty());
    } catch (Throwable thrownByHook) {
      // A test's hook may throw.
    }
  }
}
