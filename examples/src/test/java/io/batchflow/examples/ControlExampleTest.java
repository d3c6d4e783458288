package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import io.batchflow.control.TableControl;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.test.RecordingWriter;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snippets of docs/control.md, and that of shares in docs/configuration.md. */
class ControlExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id", "item").build();

  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///control?options=DB_CLOSE_DELAY=-1");

  private static Mono<Long> run(ConnectionFactory database, String sql) {
    return Mono.usingWhen(
        database.create(),
        connection ->
            Flux.from(connection.createStatement(sql).execute())
                .flatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum),
        connection -> connection.close());
  }

  private static Mono<Long> migrate(ConnectionFactory database) {
    return run(database, "ALTER TABLE \"orders\" ADD \"status\" VARCHAR DEFAULT 'new'");
  }

  private Mono<Void> migrateWhileRunning(BatchFlow flow) {
    TableControl orders = flow.control("orders");
    return orders.pause().then(migrate(database)).then(orders.resume());
  }

  private static Mono<Void> enlarge(BatchFlow flow) {
    TableControl orders = flow.control("orders");
    BatchPolicy larger = orders.policy().toBuilder().maxSize(5_000).concurrency(2).build();
    return orders.policy(larger);
  }

  private static BatchFlow.Builder shared(BatchFlow.Builder flow) {
    return flow.policy("logs", BatchPolicy.builder().share(0.3).build())
        .policy("orders", BatchPolicy.builder().reserved(1).build());
  }

  @Test
  void tablesHaveSharesOfAFlow() {
    BatchFlow flow = shared(BatchFlow.builder(RecordingWriter.create())).build();

    flow.submit(ORDERS.row().set("id", 1L).set("item", "pen")).block();

    assertThat(flow.control("logs").policy().share()).isEqualTo(0.3);
    assertThat(flow.control("orders").policy().reserved()).isEqualTo(1);
    flow.close().block();
  }

  @Test
  void theNextBatchFollowsAnotherPolicy() {
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

    enlarge(flow).block();
    flow.submit(ORDERS.row().set("id", 1L).set("item", "pen")).block();

    assertThat(flow.stats().tables().get(0).policy().maxSize()).isEqualTo(5_000);
    flow.close().block();
  }

  @Test
  void aTableIsAlteredWhileRowsAreSubmitted() {
    run(database, "CREATE TABLE \"orders\" (\"id\" BIGINT PRIMARY KEY, \"item\" VARCHAR)").block();
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    Flux<Long> ids = Flux.range(0, 5_000).map(Integer::longValue);

    Long written =
        flow.submitAll(ids.map(id -> ORDERS.row().set("id", id).set("item", "pen")))
            .filter(outcome -> outcome.isWritten())
            .count()
            .zipWith(migrateWhileRunning(flow).thenReturn(true), (count, migrated) -> count)
            .block();

    assertThat(written).isEqualTo(5_000);
    assertThat(flow.stats().ledger().written()).isEqualTo(5_000);
    assertThat(run(database, "UPDATE \"orders\" SET \"status\" = 'sent'").block()).isEqualTo(5_000);
    flow.close().block();
  }
}
