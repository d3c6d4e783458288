package io.batchflow;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows what libraries do on threads that must not block. They look for services once, when they
 * are first used, and the TCK locks its own queue.
 */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
    String received = "org.reactivestreams.tck.TestEnvironment$Receptacle";
    builder.allowBlockingCallsInside(received, "add");
    builder.allowBlockingCallsInside(received, "complete");
    builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Promise", "complete");
  }
}
