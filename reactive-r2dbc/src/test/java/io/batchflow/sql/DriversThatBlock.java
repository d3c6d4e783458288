package io.batchflow.sql;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What drivers do on their own event loops, which is theirs to mend. */
public final class DriversThatBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads its version out of its jar, once.
    builder.allowBlockingCallsInside("org.mariadb.r2dbc.util.VersionFactory", "getInstance");
    // Reads which ways to log in there are out of its jar.
    builder.allowBlockingCallsInside(
        "org.mariadb.r2dbc.authentication.AuthenticationFlowPluginLoader", "get");
    // Guards its queue by a lock, for a moment.
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
    // Waits for a moment where threads share a chunk of memory.
    builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
    // Draws the random numbers of a login.
    builder.allowBlockingCallsInside("com.ongres.scram.common.ScramFunctions", "nonce");
    // Waits before it refuses a password, on the thread of a pool handed in.
    builder.allowBlockingCallsInside("org.h2.engine.Engine", "validateUserAndPassword");
    // Seeds the random numbers of TLS.
    builder.allowBlockingCallsInside(
        "io.asyncer.r2dbc.mysql.client.SslBridgeHandler", "handleSslState");
  }
}
