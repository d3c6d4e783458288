package io.batchflow.examples.ingest;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows short locks of libraries on event loops: Jackson's caches, Micrometer's meters and
 * OpenTelemetry's queue. Only these libraries could avoid them.
 */
public final class LibrariesLock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock");
    // These look for services once, when they are first used.
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
  }
}
