package io.batchflow.examples.shop;

import io.batchflow.examples.orders.OrderApplication;
import io.batchflow.examples.payments.PaymentApplication;
import io.batchflow.examples.tracker.TrackerApplication;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/** The three services in this JVM, each with a database of its own. */
final class Services implements AutoCloseable {

  private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();
  private final List<TestDatabase> databases = new ArrayList<>();
  final Service tracker;
  final Service payments;
  final Service orders;

  /** A service and its database. */
  record Service(String url, TestDatabase database) {

    WebClient client() {
      return WebClient.create(url);
    }

    /** Returns the number that a query returns. */
    long number(String sql) throws SQLException {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Starts the services and the servers that they need. */
  Services() throws SQLException {
    TestServer redis = TestServers.redis();
    this.tracker =
        start(
            TrackerApplication.class,
            TrackerApplication.CONFIG,
            "--spring.data.redis.url=redis://"
                + (redis.password().isEmpty() ? "" : ":" + redis.password() + "@")
                + redis.host()
                + ":"
                + redis.port());
    this.payments =
        start(
            PaymentApplication.class, PaymentApplication.CONFIG, "--messages.to=" + tracker.url());
    this.orders =
        start(
            OrderApplication.class,
            "spring.config.name=application",
            "--messages.to=" + payments.url());
  }

  private Service start(Class<?> application, String config, String... options)
      throws SQLException {
    TestDatabase database = TestDatabase.on(TestServers.postgres());
    databases.add(database);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--logging.level.root=warn",
                "--spring.main.banner-mode=off",
                "--spring.r2dbc.url=" + database.server().r2dbcUrl("postgresql", null)));
    arguments.addAll(List.of(options));
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(application)
            .properties(config)
            .run(arguments.toArray(String[]::new));
    running.push(context);
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    return new Service("http://localhost:" + port, database);
  }

  /** Stops the last one first, so that nobody sends messages to one that is gone. */
  @Override
  public void close() throws SQLException {
    running.forEach(ConfigurableApplicationContext::close);
    for (TestDatabase database : databases) {
      database.close();
    }
  }
}
