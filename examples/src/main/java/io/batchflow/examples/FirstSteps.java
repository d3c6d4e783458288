package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The twenty lines of the README: create a table and a flow, write one row and many, and close. */
public final class FirstSteps {

  private FirstSteps() {}

  /** Runs the steps against H2 in memory. */
  public static void main(String[] args) {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///shop?options=DB_CLOSE_DELAY=-1");
    String table = "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT)";
    Flux.usingWhen(database.create(), c -> c.createStatement(table).execute(), Connection::close)
        .blockLast();

    Schema orders =
        Schema.table("orders")
            .columns("id", "item")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();

    // One row: completes when the row is durable, or fails with the row's own reason.
    Mono<WriteResult> one = flow.submit(orders.row().set("id", 1).set("item", "tea"));
    System.out.println(one.block());

    // Many rows: the flow requests only as many as fit, and each row gets an outcome.
    Flux<Row> rows = Flux.range(2, 99_999).map(id -> orders.row().set("id", id));
    Flux<Outcome<Row>> many = flow.submitAll(rows);
    System.out.println(many.filter(Outcome::isWritten).count().block() + " rows stored");

    // Turns new rows away, sends the rows that wait, and completes when every row has its outcome.
    flow.close().block();
  }
}
