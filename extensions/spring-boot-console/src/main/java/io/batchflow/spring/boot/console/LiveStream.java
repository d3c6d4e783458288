package io.batchflow.spring.boot.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * The one stream that all open pages share. Nothing is computed while nobody looks. It ends before
 * the web server stops, which would otherwise wait for the pages.
 */
final class LiveStream implements SmartLifecycle {

  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private final Flux<Frame> shared;
  private volatile boolean running;

  /**
   * Creates a stream.
   *
   * @param snapshot returns all flows
   * @param restart called when the first page opens
   */
  LiveStream(Supplier<JsonNode> snapshot, Runnable restart, Scheduler scheduler) {
    this.shared =
        Flux.interval(Duration.ZERO, Duration.ofSeconds(1), scheduler)
            .onBackpressureDrop()
            .map(second -> snapshot.get())
            .scanWith(Frame::none, Frame::next)
            .skip(1)
            .doOnSubscribe(subscription -> restart.run())
            .publish(1)
            .refCount();
  }

  static LiveStream eachSecond(Snapshots snapshots) {
    return new LiveStream(snapshots::now, snapshots::restart, Schedulers.parallel());
  }

  /**
   * Returns the events for one page: all flows, then what changes each second. A page that reads
   * too slowly misses seconds, and gets all flows again.
   */
  Flux<ServerSentEvent<String>> events() {
    return Flux.defer(
            () -> {
              AtomicLong last = new AtomicLong(-1);
              return shared
                  .onBackpressureLatest()
                  .map(frame -> frame.after(last.getAndSet(frame.number())));
            })
        .takeUntilOther(stopped.asMono());
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
