package io.batchflow.examples;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows what libraries do on threads that must not block. Some look for services once, when they
 * are first used. The circuit breaker takes short locks, and a BlockHound error inside one would
 * not be the failure of a write.
 */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
    // Lettuce's lock between writers and reconnection. A BlockHound error inside it would leave it
    // locked forever, and the next writer would wait without end.
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
    String window = "io.github.resilience4j.core.metrics.FixedSizeSlidingWindowMetrics";
    builder.allowBlockingCallsInside(window, "record");
    builder.allowBlockingCallsInside(window, "getSnapshot");
    builder.allowBlockingCallsInside(
        "io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine$OpenState",
        "toHalfOpenState");
  }
}
