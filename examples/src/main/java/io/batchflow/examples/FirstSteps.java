package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.math.BigDecimal;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The README's twenty lines: a table, a flow, one row, many rows, and the end. */
public final class FirstSteps {

  private FirstSteps() {}

  /** Runs the steps against H2 in memory. */
  public static void main(String[] args) {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///shop?options=DB_CLOSE_DELAY=-1");
    execute(
        database,
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer TEXT, amount DECIMAL(9, 2))");

    // README: from here
    Schema orders =
        Schema.table("orders")
            .columns("id", "customer", "amount")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();

    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();

    // One row: the Mono completes when the row is durable, or fails with the row's own reason.
    flow.submit(
            orders
                .request()
                .set("id", 1L)
                .set("customer", "Ada")
                .set("amount", new BigDecimal("9.50")))
        .doOnNext(result -> System.out.println("stored in a batch of " + result.batchSize()))
        .block();

    // Many rows: asked for only as there is room, an outcome for each.
    Flux.range(2, 100_000)
        .map(
            id ->
                orders
                    .request()
                    .set("id", (long) id)
                    .set("customer", "Bob")
                    .set("amount", BigDecimal.ONE))
        .as(flow::submitAll)
        .filter(outcome -> !outcome.isWritten())
        .doOnNext(outcome -> System.out.println("not stored: " + outcome.error()))
        .blockLast();

    // Refuses what is new, sends what waits, and completes when every row has its outcome.
    flow.close(Duration.ofSeconds(10)).block();
    // README: to here

    System.out.println(flow.stats().ledger());
  }

  private static void execute(ConnectionFactory database, String sql) {
    Mono.usingWhen(
            database.create(),
            connection -> Mono.from(connection.createStatement(sql).execute()).then(),
            Connection::close)
        .block();
  }
}
