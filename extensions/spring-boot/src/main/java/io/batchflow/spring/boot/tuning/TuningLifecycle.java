package io.batchflow.spring.boot.tuning;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import io.batchflow.tuning.SelfTuner;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.SmartLifecycle;

/** Starts the tuners with the application, and stops them before the flows. */
final class TuningLifecycle implements SmartLifecycle {

  private final Map<String, BatchFlow> flows;
  private final FlowTuners tuners;
  private volatile boolean running;

  TuningLifecycle(Map<String, BatchFlow> flows, FlowTuners tuners) {
    this.flows = Map.copyOf(flows);
    this.tuners = tuners;
  }

  @Override
  public void start() {
    tuners.all().forEach((name, tuner) -> tuner.start(Objects.requireNonNull(flows.get(name))));
    running = true;
  }

  @Override
  public void stop() {
    tuners.all().values().forEach(SelfTuner::dispose);
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // The flows do not stop in a pause either.
  @Override
  public boolean isPauseable() {
    return false;
  }

  /** After a catalog has changed the policies, and before the flows close. */
  @Override
  public int getPhase() {
    return ClosingLifecycle.FLOWS + 384;
  }
}
