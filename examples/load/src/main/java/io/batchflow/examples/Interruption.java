package io.batchflow.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Ends a load early but cleanly: reading stops, rows in flight are stored, and the report is
 * printed. Ctrl-C triggers it. A shutdown hook then keeps the JVM alive until {@link #close()}.
 */
final class Interruption implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Sinks.Empty<Void> signal = Sinks.empty();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interruptAndWait, "load-interruption");

  private Interruption() {}

  static Interruption onExit() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Completes when the load must end. */
  Mono<Void> signal() {
    return signal.asMono();
  }

  void interrupt() {
    signal.tryEmitEmpty();
  }

  private void interruptAndWait() {
    interrupt();
    try {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException giveUp) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is already running and ends by itself.
    }
  }
}
