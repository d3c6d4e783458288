package io.batchflow.spring.boot.journal;

import io.batchflow.journal.JournaledFlow;
import java.time.Duration;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Closes the journals with their flows, each within the close timeout of its flow. */
final class JournalLifecycle implements SmartLifecycle {

  // Before the flows, which a journal closes itself, and after task executors.
  static final int PHASE = Integer.MAX_VALUE / 2 - 512;

  private static final Log log = LogFactory.getLog(JournalLifecycle.class);

  private final Map<String, JournaledFlow> journals;
  private final Duration closeTimeout;
  private volatile boolean running;

  JournalLifecycle(Map<String, JournaledFlow> journals, Duration closeTimeout) {
    this.journals = Map.copyOf(journals);
    this.closeTimeout = closeTimeout;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public void stop(Runnable callback) {
    Flux.fromIterable(journals.entrySet())
        .flatMap(journal -> close(journal.getKey(), journal.getValue()), Integer.MAX_VALUE)
        .doFinally(
            signal -> {
              running = false;
              callback.run();
            })
        .subscribe();
  }

  private Mono<Void> close(String name, JournaledFlow journal) {
    return journal
        .close(closeTimeout)
        .onErrorResume(
            failure -> {
              log.warn("'" + name + "' was not closed in order", failure);
              return Mono.empty();
            });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // A closed journal cannot start again, and a pause of the context ends with a restart.
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
