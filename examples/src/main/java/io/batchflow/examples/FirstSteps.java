package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.WriteResult;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ten lines of the README: a record, its table, one row and many, and the end. */
public final class FirstSteps {

  private FirstSteps() {}

  /** Runs the steps against H2 in memory. */
  public static void main(String[] args) {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///shop?options=DB_CLOSE_DELAY=-1");
    String table = "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT)";
    Flux.usingWhen(database.create(), c -> c.createStatement(table).execute(), Connection::close)
        .blockLast();

    @Table(value = "orders", onConflict = ConflictStrategy.UPDATE)
    record Order(@Key long id, String item) {}

    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    var orders = flow.table(Order.class);

    // One row: completes when the row is durable, or fails with the row's own reason.
    Mono<WriteResult> one = orders.submit(new Order(1, "tea"));
    System.out.println(one.block());

    // Many rows: the flow requests only as many as fit, and each order gets an outcome.
    Flux<Order> given = Flux.range(2, 99_999).map(id -> new Order(id, "milk"));
    Flux<Outcome<Order>> many = orders.submitAll(given);
    System.out.println(many.filter(Outcome::isWritten).count().block() + " rows stored");

    // Turns new rows away, sends the rows that wait, and completes when every row has its outcome.
    flow.close().block();
  }
}
