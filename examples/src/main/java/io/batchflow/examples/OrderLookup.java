package io.batchflow.examples;

import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Coalescer;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds orders in PostgreSQL. Callers ask for one order each, and one query finds those of many
 * callers. Build one for the application, and close it at the end.
 */
public final class OrderLookup {

  private static final String SQL = "SELECT id, item, quantity FROM orders WHERE id = ANY($1)";

  private final ConnectionFactory database;
  private final Coalescer<Long, Order> orders;

  /** Queries a database, best through a pool. */
  public OrderLookup(ConnectionFactory database) {
    this.database = database;
    this.orders =
        Coalescer.builder("orders.findById", BatchHandler.lookup(this::findAll))
            .shareEqualCalls(true)
            .repeatable(true)
            .build();
  }

  /** Returns the order; empty if there is none. */
  public Mono<Order> findById(long id) {
    return orders.send(id);
  }

  private Mono<Map<Long, Order>> findAll(List<Long> ids) {
    return Flux.usingWhen(
            database.create(), connection -> query(connection, ids), Connection::close)
        .collectMap(Order::id);
  }

  private static Flux<Order> query(Connection connection, List<Long> ids) {
    return Flux.from(connection.createStatement(SQL).bind("$1", ids.toArray(Long[]::new)).execute())
        .flatMap(result -> result.map(OrderLookup::order));
  }

  private static Order order(Readable row) {
    return new Order(
        Objects.requireNonNull(row.get("id", Long.class)),
        Objects.requireNonNull(row.get("item", String.class)),
        Objects.requireNonNull(row.get("quantity", Integer.class)));
  }

  /** Completes when every caller has its answer. */
  public Mono<Void> close() {
    return orders.close();
  }
}
