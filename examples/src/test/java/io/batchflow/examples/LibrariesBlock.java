package io.batchflow.examples;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Libraries that look for services once, when they are first used, as an application does at its
 * start; and the breaker's short locks, an error in which would be no failure of a write.
 */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
    String window = "io.github.resilience4j.core.metrics.FixedSizeSlidingWindowMetrics";
    builder.allowBlockingCallsInside(window, "record");
    builder.allowBlockingCallsInside(window, "getSnapshot");
    builder.allowBlockingCallsInside(
        "io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine$OpenState",
        "toHalfOpenState");
  }
}
