package io.batchflow.r2dbc;

import io.batchflow.InvalidConfigurationException;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import java.lang.reflect.Field;
import java.util.function.Function;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Creates factories with the options that a driver needs to be fast. Without tcpNoDelay,
 * r2dbc-mysql lets the network delay the end of every batch.
 */
final class Factories {

  private static final Logger LOG = Loggers.getLogger(R2dbcBatchWriter.class);
  private static final Option<Boolean> TCP_NO_DELAY = Option.valueOf("tcpNoDelay");
  private static final String MYSQL_DRIVER = "io.asyncer.r2dbc.mysql.MySqlConnectionFactory";

  private Factories() {}

  /**
   * Creates something from the options of a URL. Hides the exceptions of R2DBC and its drivers,
   * which show the URL with the password.
   */
  static <T> T fromUrl(String url, Function<ConnectionFactoryOptions, T> made) {
    try {
      return made.apply(ConnectionFactoryOptions.parse(url));
    } catch (IllegalArgumentException | IllegalStateException wrong) {
      throw new InvalidConfigurationException(
          "url",
          "is not an R2DBC URL of a driver on the class path ("
              + wrong.getClass().getSimpleName()
              + ")",
          "Give a URL such as r2dbc:postgresql://user:password@host/database, with percent codes"
              + " for special characters, and add its driver: org.postgresql:r2dbc-postgresql,"
              + " org.mariadb:r2dbc-mariadb, io.asyncer:r2dbc-mysql or io.r2dbc:r2dbc-h2");
    }
  }

  static ConnectionFactory of(ConnectionFactoryOptions options) {
    boolean mysql = "mysql".equals(options.getValue(ConnectionFactoryOptions.DRIVER));
    boolean given = options.hasOption(TCP_NO_DELAY);
    return ConnectionFactories.get(
        mysql && !given ? options.mutate().option(TCP_NO_DELAY, true).build() : options);
  }

  static void warnIfSlow(ConnectionFactory factory) {
    if (isSlow(factory)) {
      LOG.warn(
          "The MySQL ConnectionFactory was built without tcpNoDelay=true, and writes will take"
              + " about five times as long. Set it, or let R2dbcBatchWriter.create(url) build the"
              + " factory.");
    }
  }

  /** Returns whether the factory of the driver, possibly wrapped by a pool, is slow. */
  static boolean isSlow(ConnectionFactory factory) {
    Object driver = SessionIds.raw(factory, ConnectionFactory.class);
    return driver != null && driver.getClass().getName().equals(MYSQL_DRIVER) && isDelayed(driver);
  }

  /**
   * Reads a private field, as the driver does not show its configuration. Returns false if it
   * fails.
   */
  private static boolean isDelayed(Object driver) {
    try {
      Field configuration = driver.getClass().getDeclaredField("configuration");
      configuration.setAccessible(true);
      Object options = configuration.get(driver);
      Field noDelay = options.getClass().getDeclaredField("tcpNoDelay");
      noDelay.setAccessible(true);
      return !noDelay.getBoolean(options);
    } catch (ReflectiveOperationException | RuntimeException hidden) {
      return false;
    }
  }
}
