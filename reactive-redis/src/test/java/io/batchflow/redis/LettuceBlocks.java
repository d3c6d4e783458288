package io.batchflow.redis;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What Lettuce does on its own event loops, which is its own to mend. */
public final class LettuceBlocks implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads the certificates for each connection.
    builder.allowBlockingCallsInside(
        "io.lettuce.core.SslConnectionBuilder$SslChannelInitializer", "initializeSSLEngine");
    // Waits for a moment where threads share a chunk of memory.
    builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
  }
}
