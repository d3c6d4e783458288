package io.batchflow.examples.tool;

import io.batchflow.examples.Reason;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Databases by their R2DBC URLs. */
final class Databases {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Databases() {}

  static boolean isUrl(String url) {
    return url.startsWith("r2dbc:");
  }

  /** Returns the connections of a database, of which none is opened yet. */
  static ConnectionFactory of(String url, @Nullable String password) {
    try {
      ConnectionFactoryOptions.Builder options =
          ConnectionFactoryOptions.parse(url)
              .mutate()
              .option(ConnectionFactoryOptions.CONNECT_TIMEOUT, PATIENCE);
      if (password != null) {
        options.option(ConnectionFactoryOptions.PASSWORD, password);
      }
      ConnectionFactory factory = ConnectionFactories.get(options.build());
      Dialects.of(factory.getMetadata().getName());
      return factory;
    } catch (RuntimeException wrong) {
      // Its own message may quote the password.
      throw ToolException.usage(
          "'"
              + Reason.withoutCredentials(url)
              + "' is not an R2DBC URL of PostgreSQL, MySQL, MariaDB or H2. Give one such as"
              + " r2dbc:postgresql://user@host:5432/database.");
    }
  }
}
