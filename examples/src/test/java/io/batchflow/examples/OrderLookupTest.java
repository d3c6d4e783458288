package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The example of docs/coalescing.md on a real PostgreSQL. */
@Tag("server")
class OrderLookupTest {

  private static final int CALLERS = 256;

  /** Opens a connection for each query, and counts them. */
  private record Counted(ConnectionFactory database, AtomicInteger connections)
      implements ConnectionFactory {

    @Override
    public Publisher<? extends Connection> create() {
      connections.incrementAndGet();
      return database.create();
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
      return database.getMetadata();
    }
  }

  @Test
  void manyCallersGetTheirOwnOrdersFromFewQueries() throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        java.sql.Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT NOT NULL, quantity INT NOT NULL)");
      statement.execute(
          "INSERT INTO orders SELECT id, 'item ' || id, id FROM generate_series(1, 200) AS id");
      Counted counted =
          new Counted(
              ConnectionFactories.get(database.server().r2dbcUrl("postgresql", null)),
              new AtomicInteger());
      OrderLookup orders = new OrderLookup(counted);

      List<Optional<Order>> found =
          Flux.range(1, CALLERS)
              .flatMapSequential(id -> orders.findById(id).singleOptional(), CALLERS)
              .collectList()
              .block();
      orders.close().block();

      assertThat(found).hasSize(CALLERS);
      for (int id = 1; id <= CALLERS; id++) {
        Optional<Order> own =
            id <= 200 ? Optional.of(new Order(id, "item " + id, id)) : Optional.empty();
        assertThat(found.get(id - 1)).isEqualTo(own);
      }
      assertThat(counted.connections()).hasValueLessThan(CALLERS / 4);
    }
  }
}
