package io.batchflow.spring.boot.console;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one stream that all open pages share. Nothing is computed while nobody looks. It ends before
 * the web server stops, which would otherwise wait for the pages.
 */
final class LiveStream implements SmartLifecycle {

  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private final Flux<String> shared;
  private volatile boolean running;

  /**
   * Creates a stream.
   *
   * @param snapshot returns what to send
   * @param restart called when the first page opens
   */
  LiveStream(Supplier<String> snapshot, Runnable restart, Scheduler scheduler) {
    this.shared =
        Flux.interval(Duration.ZERO, Duration.ofSeconds(1), scheduler)
            .onBackpressureDrop()
            .map(second -> snapshot.get())
            .doOnSubscribe(subscription -> restart.run())
            .publish(1)
            .refCount();
  }

  static LiveStream eachSecond(Snapshots snapshots) {
    return new LiveStream(snapshots::now, snapshots::restart, Schedulers.parallel());
  }

  /** Returns the snapshots from now on. One that reads too slowly misses some. */
  Flux<String> snapshots() {
    return shared.onBackpressureLatest().takeUntilOther(stopped.asMono());
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    stopped.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // A stream that ended cannot start again.
  @Override
  public boolean isPauseable() {
    return false;
  }
}
