package io.batchflow.kafka;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Runs a loop once, on a daemon thread of its own, and tells when it has ended. */
final class Lifecycle {

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final Sinks.Empty<Void> done = Sinks.empty();
  private volatile @Nullable Loop loop;

  void start(String thread, Supplier<? extends Loop> loops) {
    if (!state.compareAndSet(State.NEW, State.STARTED)) {
      throw new IllegalStateException("The ingest was started or closed before. Build another one");
    }
    Loop started = create(loops);
    loop = started;
    if (state.get() == State.CLOSED) {
      started.close();
    }
    Thread runner = new Thread(() -> end(started.run()), thread);
    runner.setDaemon(true);
    runner.start();
  }

  private Loop create(Supplier<? extends Loop> loops) {
    try {
      return loops.get();
    } catch (RuntimeException failure) {
      end(KafkaIngestException.of("The consumer cannot be created", failure));
      throw failure;
    }
  }

  private void end(@Nullable KafkaIngestException failure) {
    if (failure == null) {
      done.tryEmitEmpty();
    } else {
      done.tryEmitError(failure);
    }
  }

  Mono<Void> done() {
    return done.asMono();
  }

  Mono<Void> close() {
    return Mono.defer(
        () -> {
          if (state.getAndSet(State.CLOSED) == State.NEW) {
            done.tryEmitEmpty();
          }
          Loop started = loop;
          if (started != null) {
            started.close();
          }
          return done.asMono().onErrorComplete();
        });
  }
}
