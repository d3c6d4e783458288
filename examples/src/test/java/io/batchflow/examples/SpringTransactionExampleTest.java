package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlowException;
import io.batchflow.examples.PlaceOrder.Item;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The writer joins the transactions of Spring. */
@Tag("server")
class SpringTransactionExampleTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Databases, each with the driver of its URL. The one of MariaDB blocks when it connects. */
  enum Kind {
    POSTGRES("postgresql"),
    MARIADB("mysql");

    private final String driver;

    Kind(String driver) {
      this.driver = driver;
    }

    TestDatabase open() throws SQLException {
      return TestDatabase.on(this == POSTGRES ? TestServers.postgres() : TestServers.mariaDb());
    }
  }

  /** The ways to begin a transaction. */
  enum Way {
    ANNOTATION,
    OPERATOR;

    Mono<Void> place(PlaceOrder orders, long order, List<Item> items) {
      return this == ANNOTATION
          ? orders.byAnnotation(order, items)
          : orders.byOperator(order, items);
    }
  }

  @Configuration
  @EnableTransactionManagement
  static class Beans {

    @Bean
    R2dbcTransactionManager transactions(ConnectionFactory pool) {
      return new R2dbcTransactionManager(pool);
    }

    @Bean
    PlaceOrder placeOrder(
        ConnectionFactory pool, R2dbcTransactionManager transactions, R2dbcBatchWriter writer) {
      return new PlaceOrder(
          DatabaseClient.create(pool), TransactionalOperator.create(transactions), writer);
    }
  }

  private static long count(Connection beside, String table) throws SQLException {
    try (Statement statement = beside.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      count.next();
      return count.getLong(1);
    }
  }

  private static Stream<Item> items(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Item("sku " + i, 1));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void rowsAreAppliedWithTheTransactionOrNotAtAll(Kind kind) throws SQLException {
    try (TestDatabase database = kind.open();
        Connection beside = database.connect()) {
      try (Statement statement = beside.createStatement()) {
        statement.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY)");
        statement.execute(
            "CREATE TABLE order_items (order_id BIGINT NOT NULL, sku VARCHAR(20) NOT NULL,"
                + " quantity INTEGER NOT NULL CHECK (quantity > 0), PRIMARY KEY (order_id, sku),"
                + " FOREIGN KEY (order_id) REFERENCES orders (id))");
      }
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(
                      ConnectionFactories.get(database.server().r2dbcUrl(kind.driver, null)))
                  .initialSize(0)
                  .maxSize(2)
                  .build());
      R2dbcBatchWriter writer = R2dbcBatchWriter.create(pool);
      try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
        context.registerBean(ConnectionFactory.class, () -> pool);
        context.registerBean(R2dbcBatchWriter.class, () -> writer);
        context.register(Beans.class);
        context.refresh();
        PlaceOrder orders = context.getBean(PlaceOrder.class);
        int placed = 0;
        for (Way way : Way.values()) {
          long good = 10L * placed;
          List<Item> wrong = Stream.concat(items(100), Stream.of(new Item("last", 0))).toList();

          way.place(orders, good, items(1_500).toList()).block(PATIENCE);
          Throwable failure =
              way.place(orders, good + 1, wrong)
                  .then(Mono.<Throwable>empty())
                  .onErrorResume(Mono::just)
                  .block(PATIENCE);

          placed++;
          assertThat(failure).isInstanceOf(BatchFlowException.class);
          assertThat(count(beside, "orders")).isEqualTo(placed);
          assertThat(count(beside, "order_items")).isEqualTo(1_500L * placed);
        }
        PlaceOrder.byHand(pool, writer, Flux.just(new Item("more", 1).row(0))).block(PATIENCE);
        assertThat(count(beside, "order_items")).isEqualTo(3_001);
        assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
      }
      writer.close().block(PATIENCE);
      pool.disposeLater().block(PATIENCE);
    }
  }
}
