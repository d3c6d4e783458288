package io.batchflow.kafka.connect;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Allows what libraries do once, when they are first used. */
public final class LibrariesBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads its messages from its jar, on the thread that first fails.
    builder.allowBlockingCallsInside("org.h2.message.DbException", "<clinit>");
    builder.allowBlockingCallsInside("org.mariadb.r2dbc.util.VersionFactory", "getInstance");
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
    // Waits for the seed of its random numbers.
    builder.allowBlockingCallsInside("org.h2.util.MathUtils", "getSecureRandom");
  }
}
