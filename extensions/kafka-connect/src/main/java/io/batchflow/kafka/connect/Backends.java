package io.batchflow.kafka.connect;

import io.batchflow.InvalidConfigurationException;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** Opens the database of a URL. */
final class Backends {

  private static final String REACTIVE = "r2dbc:";
  private static final String SQLITE = "jdbc:sqlite:";

  private Backends() {}

  /**
   * Returns the database of a task. Connects later.
   *
   * @throws ConfigException if its URL is none of a supported database
   */
  static Backend of(SinkConfig config) {
    String url = config.url;
    try {
      if (RedisBackend.isUri(url)) {
        return new RedisBackend(config);
      }
      return startsWith(url, SQLITE) ? SqliteBackend.of(url) : R2dbcBackend.of(options(config));
    } catch (IllegalArgumentException
        | IllegalStateException
        | InvalidConfigurationException wrong) {
      // Not with its message or as the cause: both may show the password of the URL.
      throw new ConfigException(
          SinkOptions.URL
              + " is not the URL of a supported database. Give a URL such as"
              + " r2dbc:postgresql://host:5432/database, with its user in connection.username");
    }
  }

  private static ConnectionFactoryOptions options(SinkConfig config) {
    ConnectionFactoryOptions.Builder options =
        ConnectionFactoryOptions.parse(reactive(config.url)).mutate();
    if (!config.username.isEmpty()) {
      options.option(ConnectionFactoryOptions.USER, config.username);
    }
    if (!config.password.isEmpty()) {
      options.option(ConnectionFactoryOptions.PASSWORD, config.password);
    }
    return options.build();
  }

  private static String reactive(String url) {
    for (String product : new String[] {"postgresql:", "mysql:", "mariadb:"}) {
      if (startsWith(url, "jdbc:" + product)) {
        if (url.contains("?")) {
          throw new ConfigException(
              SinkOptions.URL
                  + " has parameters of a JDBC driver. Give an R2DBC URL, with the parameters of"
                  + " its driver");
        }
        return REACTIVE + url.substring("jdbc:".length());
      }
    }
    return url;
  }

  private static boolean startsWith(String url, String prefix) {
    return url.toLowerCase(Locale.ROOT).startsWith(prefix);
  }
}
