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
    // A short lock between writers and reconnection. An error thrown in it, as BlockHound does,
    // would leave it taken for ever.
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
  }
}
