package io.batchflow.redis;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Where Lettuce itself blocks, which is its own to mend. */
public final class LettuceBlocks implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads the certificates for each connection.
    builder.allowBlockingCallsInside(
        "io.lettuce.core.SslConnectionBuilder$SslChannelInitializer", "initializeSSLEngine");
    // Waits for a moment where threads share a chunk of memory.
    builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
    // Lettuce guards its connections by short locks, on event loops too; we hold none
    // (ArchitectureTest). An error thrown in SharedLock, as BlockHound does, would leave it taken
    // for ever.
    builder.allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
  }
}
