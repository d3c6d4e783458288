package io.batchflow.spring.boot.lifecycle;

import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** Closes what can be closed once, all at the same time, in a phase of the shutdown. */
public final class ClosingLifecycle implements SmartLifecycle {

  /** Of flows. Task executors stop in Integer.MAX_VALUE / 2, clients such as Lettuce in 0. */
  public static final int FLOWS = Integer.MAX_VALUE / 2 - 1024;

  /** Of journals: before the flows, which a journal closes itself, and after task executors. */
  public static final int JOURNALS = Integer.MAX_VALUE / 2 - 512;

  /** Of relays: before the mediator and the flows, to which they may publish. */
  public static final int RELAYS = Integer.MAX_VALUE / 2 - 256;

  private static final Log log = LogFactory.getLog(ClosingLifecycle.class);

  private final int phase;
  private final Runnable start;
  private final Map<String, Mono<Void>> closes;
  private volatile boolean running;

  /**
   * Creates the lifecycle.
   *
   * @param closes what to subscribe to, by the names of what it closes, for the log
   */
  public ClosingLifecycle(int phase, Map<String, Mono<Void>> closes) {
    this(phase, () -> {}, closes);
  }

  /**
   * Creates the lifecycle of what also has to be started.
   *
   * @param closes what to subscribe to, by the names of what it closes, for the log
   */
  public ClosingLifecycle(int phase, Runnable start, Map<String, Mono<Void>> closes) {
    this.phase = phase;
    this.start = start;
    this.closes = Map.copyOf(closes);
  }

  @Override
  public void start() {
    start.run();
    running = true;
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public void stop(Runnable callback) {
    Mono.when(
            closes.entrySet().stream().map(each -> logged(each.getKey(), each.getValue())).toList())
        .doFinally(
            signal -> {
              running = false;
              callback.run();
            })
        .subscribe();
  }

  private static Mono<Void> logged(String name, Mono<Void> close) {
    return close.onErrorResume(
        failure -> {
          log.warn("The " + name + " was not closed in order", failure);
          return Mono.empty();
        });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // What is closed cannot start again, and a pause of the context ends with a restart.
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
