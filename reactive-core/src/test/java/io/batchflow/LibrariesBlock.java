package io.batchflow;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What libraries of the tests may do where nothing may block: look for services once, when they are
 * first used, as an application's start does; and take the lock of the TCK's own queue.
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
