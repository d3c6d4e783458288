package io.batchflow.sql;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What drivers do on their event loops while they connect, which is theirs to mend. */
public final class DriversThatBlock implements BlockHoundIntegration {

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // Reads its version out of its jar, once.
    builder.allowBlockingCallsInside("org.mariadb.r2dbc.util.VersionFactory", "getInstance");
    // Seeds the random numbers of TLS.
    builder.allowBlockingCallsInside(
        "io.asyncer.r2dbc.mysql.client.SslBridgeHandler", "handleSslState");
  }
}
