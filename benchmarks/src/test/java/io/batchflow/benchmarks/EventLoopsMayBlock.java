package io.batchflow.benchmarks;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows blocking on event loops. Drivers and Netty's allocator sometimes wait for locks there,
 * also for the peers. The flow's own threads are still checked. The tests of the writers check what
 * the flow does on event loops.
 */
public final class EventLoopsMayBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.netty.channel.SingleThreadIoEventLoop", "run");
    // Lettuce's lock between writers and reconnection. A BlockHound error inside it would leave it
    // locked forever.
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
  }
}
