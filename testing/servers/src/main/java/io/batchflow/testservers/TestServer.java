package io.batchflow.testservers;

import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The address of a running server.
 *
 * @param scheme the scheme of its URL
 * @param password empty if it needs none
 * @param database the default database; empty for Redis
 */
public record TestServer(
    String scheme, String host, int port, String user, String password, String database) {

  /** Parses a URL such as {@code postgresql://user:password@host:5432/database}. */
  static TestServer parse(String url) {
    URI uri = URI.create(url);
    String userInfo = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    int colon = userInfo.indexOf(':');
    String path = uri.getPath() == null ? "" : uri.getPath();
    return new TestServer(
        uri.getScheme(),
        uri.getHost(),
        uri.getPort(),
        colon < 0 ? userInfo : userInfo.substring(0, colon),
        colon < 0 ? "" : userInfo.substring(colon + 1),
        path.startsWith("/") ? path.substring(1) : path);
  }

  /** Returns the same server with another database. */
  public TestServer withDatabase(String name) {
    return new TestServer(scheme, host, port, user, password, name);
  }

  /** Returns the same server with another port, such as that of a proxy. */
  public TestServer withPort(int other) {
    return new TestServer(scheme, host, other, user, password, database);
  }

  /** Returns the URL for an R2DBC driver, such as {@code mariadb}. */
  public String r2dbcUrl(String driver, @Nullable String options) {
    String credentials = password.isEmpty() ? user : user + ":" + password;
    return "r2dbc:"
        + driver
        + "://"
        + credentials
        + "@"
        + host
        + ":"
        + port
        + "/"
        + database
        + (all(driver, options).isEmpty() ? "" : "?" + all(driver, options));
  }

  /** Returns the URL for a JDBC driver, such as {@code postgresql}, including the user. */
  public String jdbcUrl(String driver, @Nullable String options) {
    return "jdbc:"
        + driver
        + "://"
        + host
        + ":"
        + port
        + "/"
        + database
        + "?user="
        + user
        + (password.isEmpty() ? "" : "&password=" + password)
        + (all(driver, options).isEmpty() ? "" : "&" + all(driver, options));
  }

  /** MariaDB's drivers log in to MySQL only over TLS, or if they may request its public key. */
  private static String all(String driver, @Nullable String options) {
    String own = driver.equals("mariadb") ? "allowPublicKeyRetrieval=true" : "";
    return Stream.of(own, options == null ? "" : options)
        .filter(option -> !option.isEmpty())
        .collect(Collectors.joining("&"));
  }
}
