package io.batchflow;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Libraries that look for services once, when they are first used; an application starts so. */
public final class FirstLooks implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
  }
}
