package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The store of docs/getting-started.md on a real PostgreSQL. */
@Tag("server")
class OrderStoreTest {

  @Test
  void ordersAreStoredAndABadOneFailsAlone() throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT NOT NULL,"
              + " quantity INT CHECK (quantity > 0))");
      OrderStore store = new OrderStore(database.server().r2dbcUrl("postgresql", null));
      store.save(new Order(1, "tea", 1)).block();
      store.save(new Order(1, "tea", 2)).block();

      List<Outcome<Order>> outcomes =
          store
              .saveAll(Flux.range(1, 100).map(id -> new Order(id, "milk", id == 7 ? 0 : id)))
              .collectList()
              .block();

      assertThat(outcomes).hasSize(100);
      Outcome<Order> rejected =
          outcomes.stream().filter(each -> !each.isWritten()).findAny().orElseThrow();
      assertThat(rejected.status()).isEqualTo(OutcomeStatus.REJECTED);
      assertThat(rejected.value()).isEqualTo(new Order(7, "milk", 0));
      store.close().block();
      try (ResultSet sums = statement.executeQuery("SELECT count(*), sum(quantity) FROM orders")) {
        sums.next();
        assertThat(sums.getLong(1)).isEqualTo(99);
        assertThat(sums.getLong(2)).isEqualTo(5_050 - 7);
      }
    }
  }
}
