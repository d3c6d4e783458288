package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.guard.ContextName;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.test.LedgerAssertions;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams of several tenants into one table of H2, in real time. */
class QuotaDatabaseTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROWS = 300;

  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");

  private Mono<Long> query(String sql) {
    return Mono.usingWhen(
        database.create(),
        connection ->
            Flux.from(connection.createStatement(sql).execute())
                .flatMap(result -> result.map((row, metadata) -> row.get(0, Long.class)))
                .next(),
        connection -> connection.close());
  }

  @Test
  void throttledRowsAreAllStoredOnce() {
    query("CREATE TABLE orders (id BIGINT PRIMARY KEY, tenant VARCHAR(10))").block(PATIENCE);
    Schema orders = Schema.table("orders").columns("id", "tenant").build();
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    ThrottledFlow throttled =
        ThrottledFlow.of(
            flow,
            Quotas.builder()
                .eachTenant(Quota.of(1_000, 1_000_000).withBurst(Duration.ofMillis(50)))
                .build());

    List<Outcome<Row>> outcomes =
        Flux.range(0, 3)
            .flatMap(
                tenant ->
                    throttled
                        .submitAll(
                            Flux.range(0, ROWS)
                                .map(
                                    i ->
                                        orders
                                            .row()
                                            .set("id", (long) tenant * ROWS + i)
                                            .set("tenant", "t" + tenant)))
                        .contextWrite(context -> context.put(ContextName.TENANT, "t" + tenant)))
            .collectList()
            .block(PATIENCE);

    assertThat(outcomes).hasSize(3 * ROWS).allMatch(Outcome::isWritten);
    assertThat(query("SELECT COUNT(*) FROM orders").block(PATIENCE)).isEqualTo(3 * ROWS);
    flow.close().block(PATIENCE);
    LedgerAssertions.assertBalanced(flow);
  }
}
