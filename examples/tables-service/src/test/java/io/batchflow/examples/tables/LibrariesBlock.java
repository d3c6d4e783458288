package io.batchflow.examples.tables;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Allows what libraries do once on threads that must not block. */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Jackson locks while it learns a type, so the first requests may meet there.
    builder.allowBlockingCallsInside(
        "tools.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer");
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
  }
}
