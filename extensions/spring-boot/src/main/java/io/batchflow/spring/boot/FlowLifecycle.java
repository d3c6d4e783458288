package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * Closes the flows after the web server and task executors have stopped, and before connections go.
 */
final class FlowLifecycle implements SmartLifecycle {

  // Task executors stop in Integer.MAX_VALUE / 2, clients such as Lettuce in 0.
  static final int PHASE = Integer.MAX_VALUE / 2 - 1024;

  private static final Log log = LogFactory.getLog(FlowLifecycle.class);

  private final Map<String, BatchFlow> flows;
  private volatile boolean running;

  FlowLifecycle(Map<String, BatchFlow> flows) {
    this.flows = Map.copyOf(flows);
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
    Mono.when(flows.entrySet().stream().map(flow -> close(flow.getKey(), flow.getValue())).toList())
        .doFinally(
            signal -> {
              running = false;
              callback.run();
            })
        .subscribe();
  }

  private static Mono<Void> close(String name, BatchFlow flow) {
    return flow.close()
        .onErrorResume(
            failure -> {
              log.warn("The flow '" + name + "' was not closed in order", failure);
              return Mono.empty();
            });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // A closed flow cannot start again, and a pause of the context ends with a restart.
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
