package io.batchflow.r2dbc.outbox;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Tells a relay that there may be messages. Signals come from any thread; one relay waits. */
final class WakeUp {

  private volatile Sinks.Empty<Void> next = Sinks.empty();

  /** Ends the wait of the relay, or its next one if it has begun to look for messages. */
  void signal() {
    next.tryEmitEmpty();
  }

  /** Forgets earlier signals. The relay looks for messages after that. */
  void begin() {
    next = Sinks.empty();
  }

  /**
   * Completes with a signal after {@link #begin()}, or after a time; not on the thread that
   * signals, which is that of a caller.
   */
  Mono<Void> await(Duration most) {
    return Mono.firstWithSignal(next.asMono(), Mono.delay(most).then())
        .publishOn(Schedulers.parallel());
  }
}
