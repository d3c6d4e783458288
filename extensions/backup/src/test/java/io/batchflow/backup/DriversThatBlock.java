package io.batchflow.backup;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Allows drivers to block on their own event loops, which only the drivers can change. */
public final class DriversThatBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads its version from its jar, once.
    builder.allowBlockingCallsInside("org.mariadb.r2dbc.util.VersionFactory", "getInstance");
    // Reads the supported login methods from its jar.
    builder.allowBlockingCallsInside(
        "org.mariadb.r2dbc.authentication.AuthenticationFlowPluginLoader", "get");
    // Has a short lock for its queue.
    for (String method :
        List.of(
            "lambda$sendCommand$0",
            "lambda$sendCommand$2",
            "lambda$receive$0",
            "executeWhenTransaction",
            "executeWhenNotInTransaction",
            "setAutoCommit",
            "sendCommandWithoutResult")) {
      builder.allowBlockingCallsInside("org.mariadb.r2dbc.client.SimpleClient", method);
    }
    // Waits briefly if threads share a chunk of memory.
    builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
    // Creates the random numbers of a login.
    builder.allowBlockingCallsInside("com.ongres.scram.common.ScramFunctions", "nonce");
    // Waits before it rejects a password, on a thread of the caller's pool.
    builder.allowBlockingCallsInside("org.h2.engine.Engine", "validateUserAndPassword");
    // Creates the seed for the random numbers of TLS.
    builder.allowBlockingCallsInside(
        "io.asyncer.r2dbc.mysql.client.SslBridgeHandler", "handleSslState");
  }
}
