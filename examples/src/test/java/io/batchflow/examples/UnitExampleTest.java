package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.batchflow.unit.Unit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** To copy from: orders that are stored with all their items or not at all, by many callers. */
@Tag("server")
class UnitExampleTest {

  private static final Schema ORDERS =
      Schema.table("orders").columns("id").conflictKey("id").build();

  private static final Schema ITEMS =
      Schema.table("order_items").columns("order_id", "sku", "quantity").build();

  private record Item(String sku, int quantity) {

    Row row(long order) {
      return ITEMS.row().set("order_id", order).set("sku", sku).set("quantity", quantity);
    }
  }

  private record Placed(long id, List<Row> rows) {}

  private record Shop(BatchFlow flow) {

    /** Stores the order with all its items, or fails and stores nothing. */
    Mono<WriteResult> place(long order, List<Item> items) {
      List<Row> rows = new ArrayList<>();
      rows.add(ORDERS.row().set("id", order));
      items.forEach(item -> rows.add(item.row(order)));
      return flow.submitTogether(rows);
    }

    Flux<Outcome<Row>> placeAll(Flux<Placed> orders) {
      return flow.submitAll(orders.map(order -> Unit.of(order.rows()).tag(order.id())));
    }
  }

  private static BatchFlow flow(BatchWriter writer) {
    return BatchFlow.builder(writer)
        .policy(Unit.SCHEMA, BatchPolicy.builder().maxSize(200).build())
        .build();
  }

  private static Placed placed(long id) {
    return new Placed(id, List.of(ORDERS.row().set("id", id), new Item("tea", 1).row(id)));
  }

  @Test
  void anOrderIsStoredWithAllItsItemsOrNotAtAll() throws SQLException {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY)");
      statement.execute(
          "CREATE TABLE order_items (order_id BIGINT REFERENCES orders, sku TEXT,"
              + " quantity INT CHECK (quantity > 0))");
      Shop shop =
          new Shop(flow(R2dbcBatchWriter.create(database.server().r2dbcUrl("postgresql", null))));
      Mono<WriteResult> good = shop.place(1, List.of(new Item("tea", 2), new Item("milk", 1)));
      Mono<WriteResult> bad = shop.place(2, List.of(new Item("tea", 2), new Item("milk", 0)));
      List<Throwable> errors = new ArrayList<>();
      Mono.when(good, bad.doOnError(errors::add).onErrorComplete()).block();
      List<Outcome<Row>> outcomes =
          shop.placeAll(Flux.range(3, 10).map(id -> placed(id))).collectList().block();
      shop.flow().close().block();

      assertThat(errors)
          .singleElement()
          .isInstanceOfSatisfying(
              BatchFlowException.class,
              error -> {
                assertThat(error.table()).isEqualTo("order_items");
                assertThat(error.positionInUnit()).isEqualTo(2);
              });
      assertThat(outcomes).hasSize(10).allMatch(Outcome::isWritten);
      try (ResultSet counts =
          statement.executeQuery(
              "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM order_items)")) {
        counts.next();
        assertThat(counts.getLong(1)).isEqualTo(11);
        assertThat(counts.getLong(2)).isEqualTo(12);
      }
    }
  }
}
