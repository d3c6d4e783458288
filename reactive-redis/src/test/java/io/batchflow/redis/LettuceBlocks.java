package io.batchflow.redis;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Places where Lettuce itself blocks, which only Lettuce can change. */
public final class LettuceBlocks implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads the certificates for each connection.
    builder.allowBlockingCallsInside(
        "io.lettuce.core.SslConnectionBuilder$SslChannelInitializer", "initializeSSLEngine");
    // Waits briefly if threads share a chunk of memory.
    builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
    // Lettuce has short locks for its connections, also on event loops. Our code has none
    // (ArchitectureTest). A BlockHound error inside SharedLock would leave it locked forever.
    builder.allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive");
  }
}
