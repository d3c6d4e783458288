package io.batchflow.r2dbc.outbox;

import io.batchflow.r2dbc.request.Requests;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * Tells relays in other processes that messages were committed: by a NOTIFY of PostgreSQL, at most
 * one in 10 ms, outside of the transactions of the callers. A NOTIFY in these would let them commit
 * one after the other. Thread-safe.
 */
final class Announcer {

  static final String CHANNEL = "batchflow_outbox";

  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Requests requests;
  private final AtomicInteger asked = new AtomicInteger();

  Announcer(Requests requests) {
    this.requests = requests;
  }

  /** Tells it soon. The poll of the other relays is the remedy for one that is lost. */
  void announce() {
    if (asked.getAndIncrement() == 0) {
      send();
    }
  }

  private void send() {
    int told = asked.get();
    requests
        .send("NOTIFY " + CHANNEL)
        .timeout(TIMEOUT)
        .onErrorComplete()
        .then(Mono.delay(PAUSE))
        .subscribe(
            paused -> {
              if (asked.addAndGet(-told) != 0) {
                send();
              }
            });
  }
}
