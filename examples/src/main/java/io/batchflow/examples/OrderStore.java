package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.table.Table;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores orders. Build one for the application, and close it at the end. */
public final class OrderStore {

  private final BatchFlow flow;
  private final Table<Order> orders;

  /** Writes to a database such as {@code r2dbc:postgresql://user:password@localhost/shop}. */
  public OrderStore(String url) {
    flow = BatchFlow.builder(R2dbcBatchWriter.create(url)).build();
    orders = flow.table(Order.class);
  }

  /** Completes when the order is durable, or fails with the reason of this order. */
  public Mono<WriteResult> save(Order order) {
    return orders.submit(order);
  }

  /** Takes orders as fast as the database stores them. Each order gets an outcome. */
  public Flux<Outcome<Order>> saveAll(Flux<Order> given) {
    return orders.submitAll(given);
  }

  /** Stores the orders that wait, and completes when every order has its outcome. */
  public Mono<Void> close() {
    return flow.close();
  }
}
