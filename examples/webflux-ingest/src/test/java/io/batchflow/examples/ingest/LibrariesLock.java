package io.batchflow.examples.ingest;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Jackson's caches, Micrometer's meters and OpenTelemetry's queue have locks, for which an event
 * loop may wait for a moment; that is theirs to mend.
 */
public final class LibrariesLock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock");
    // They look for services once, when they are first used.
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
    builder.allowBlockingCallsInside("io.opentelemetry.context.LazyStorage", "<clinit>");
  }
}
