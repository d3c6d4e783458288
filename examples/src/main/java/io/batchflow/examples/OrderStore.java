package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores orders. Build one for the application, and close it at the end. */
public final class OrderStore {

  /** One row of the table, as the application has it. */
  public record Order(long id, String item, int quantity) {}

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "item", "quantity")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final BatchFlow flow;

  /** Writes to a database such as {@code r2dbc:postgresql://user:password@localhost/shop}. */
  public OrderStore(String url) {
    flow = BatchFlow.builder(R2dbcBatchWriter.create(url)).build();
  }

  /** Completes when the order is durable, or fails with the reason of this order. */
  public Mono<WriteResult> save(Order order) {
    return flow.submit(row(order));
  }

  /** Takes orders as fast as the database stores them. Each order gets an outcome. */
  public Flux<Outcome<Row>> saveAll(Flux<Order> orders) {
    return flow.submitAll(orders.map(OrderStore::row));
  }

  private static Row row(Order order) {
    return ORDERS
        .row()
        .set("id", order.id())
        .set("item", order.item())
        .set("quantity", order.quantity())
        .tag(order);
  }

  /** Stores the orders that wait, and completes when every order has its outcome. */
  public Mono<Void> close() {
    return flow.close();
  }
}
