package io.batchflow.r2dbc;

import io.r2dbc.spi.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Waits for a connection until it is ended. A connection that comes later is released at once. */
final class Acquisition extends BaseSubscriber<Connection> {

  private final MonoSink<Connection> sink;
  private final boolean cancels;
  private final AtomicBoolean over = new AtomicBoolean();

  /**
   * @param cancels whether to cancel the source; false for a source that would then lose a
   *     connection
   */
  Acquisition(MonoSink<Connection> sink, boolean cancels) {
    this.sink = sink;
    this.cancels = cancels;
  }

  void end(Throwable reason) {
    if (over.compareAndSet(false, true)) {
      sink.error(reason);
      if (cancels) {
        cancel();
      }
    }
  }

  @Override
  protected void hookOnNext(Connection connection) {
    if (over.compareAndSet(false, true)) {
      sink.success(connection);
    } else {
      Mono.from(connection.close()).onErrorComplete().subscribe();
    }
  }

  @Override
  protected void hookOnError(Throwable failure) {
    if (over.compareAndSet(false, true)) {
      sink.error(failure);
    }
  }
}
