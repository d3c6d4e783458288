package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** To copy from: the items of an order in the transaction that stores the order. */
class PlaceOrder {

  private static final Schema ITEMS =
      Schema.table("order_items").columns("order_id", "sku", "quantity").build();

  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final R2dbcBatchWriter writer;

  PlaceOrder(DatabaseClient database, TransactionalOperator transaction, R2dbcBatchWriter writer) {
    this.database = database;
    this.transaction = transaction;
    this.writer = writer;
  }

  /** One item of an order. */
  record Item(String sku, int quantity) {

    Row row(long order) {
      return ITEMS.row().set("order_id", order).set("sku", sku).set("quantity", quantity);
    }
  }

  /** Spring gives the connection of the transaction that it bound to the Reactor Context. */
  private Mono<Void> store(long order, List<Item> items) {
    Flux<Row> rows = Flux.fromIterable(items).map(item -> item.row(order));
    return database
        .sql("INSERT INTO orders (id) VALUES (:id)")
        .bind("id", order)
        .then()
        .thenMany(database.inConnectionMany(connection -> writer.write(connection, rows)))
        .then();
  }

  @Transactional
  public Mono<Void> byAnnotation(long order, List<Item> items) {
    return store(order, items);
  }

  Mono<Void> byOperator(long order, List<Item> items) {
    return transaction.transactional(store(order, items));
  }

  /** The same without Spring. */
  static Mono<Void> byHand(ConnectionFactory factory, R2dbcBatchWriter writer, Flux<Row> rows) {
    return Mono.usingWhen(
        factory.create(),
        connection ->
            Mono.from(connection.beginTransaction())
                .thenMany(writer.write(connection, rows))
                .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
        Connection::close,
        (connection, failure) -> rolledBack(connection),
        connection -> rolledBack(connection));
  }

  private static Mono<Void> rolledBack(Connection connection) {
    return Mono.from(connection.rollbackTransaction())
        .then(Mono.defer(() -> Mono.from(connection.close())));
  }
}
