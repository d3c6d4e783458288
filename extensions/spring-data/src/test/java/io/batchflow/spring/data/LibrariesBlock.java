package io.batchflow.spring.data;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Allows what libraries do once, when they are first used. */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads its messages from its jar, on the thread that first fails.
    builder.allowBlockingCallsInside("org.h2.message.DbException", "<clinit>");
    // Waits for the seed of its random numbers.
    builder.allowBlockingCallsInside("org.h2.util.MathUtils", "getSecureRandom");
  }
}
