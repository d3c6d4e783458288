package io.batchflow.benchmarks;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Drivers and Netty's allocator wait for locks on event loops now and then, under the peers as
 * well. The flow's own threads stay under guard, and what the flow does on event loops is guarded
 * by the tests of the writers.
 */
public final class EventLoopsMayBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside("io.netty.channel.SingleThreadIoEventLoop", "run");
    // Lettuce's lock between writers and reconnection: an error thrown in it leaves it taken for
    // ever.
    builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
  }
}
