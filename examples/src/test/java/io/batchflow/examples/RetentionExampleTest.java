package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionMetrics;
import io.batchflow.r2dbc.retention.RetentionRule;
import io.batchflow.r2dbc.retention.RetentionRun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of docs/retention.md: orders that are deleted after 30 days, on H2. */
class RetentionExampleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Retention retention(ConnectionFactory database) {
    Retention retention = Retention.create(database);
    return retention;
  }

  private static Mono<RetentionRun> deleteOldOrders(Retention retention) {
    RetentionRule rule =
        RetentionRule.builder("orders", "created_at", Duration.ofDays(30))
            .zone(ZoneOffset.UTC)
            .build();
    return retention.dryRun(rule).then(retention.run(rule));
  }

  private static Mono<TableInfo> keepFor30Days(TableCatalog catalog) {
    return catalog.create(
        "orders",
        TableSettings.builder().retentionDays(30).property("time_column", "created_at").build());
  }

  private static Flux<RetentionRun> eachHour(
      Retention retention, R2dbcLeaseStore leases, TableCatalog catalog) {
    return retention.whileHeld(
        leases, Duration.ofHours(1), RetentionRule.ofCatalog(catalog, "created_at"));
  }

  private static Retention gentle(
      ConnectionFactory database, BatchFlow flow, MeterRegistry registry) {
    return Retention.builder(database)
        .load(0.1)
        .yieldTo(flow)
        .listener(RetentionMetrics.create(registry))
        .build();
  }

  private static ConnectionFactory databaseWithOrders() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    execute(
        database,
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, created_at TIMESTAMP);"
            + "INSERT INTO orders VALUES (1, DATEADD('DAY', -40, CURRENT_TIMESTAMP)),"
            + " (2, DATEADD('DAY', -20, CURRENT_TIMESTAMP))");
    return database;
  }

  private static void execute(ConnectionFactory database, String statements) {
    for (String sql : statements.split(";", 0)) {
      Flux.usingWhen(
              database.create(),
              connection ->
                  Flux.from(connection.createStatement(sql).execute())
                      .flatMap(Result::getRowsUpdated),
              Connection::close)
          .blockLast(PATIENCE);
    }
  }

  @Test
  void oldOrdersAreDeleted() {
    RetentionRun run = deleteOldOrders(retention(databaseWithOrders())).block(PATIENCE);

    assertThat(run.deletedRows()).isEqualTo(1);
  }

  @Test
  void oldOrdersAreDeletedBySchedule() {
    ConnectionFactory database = databaseWithOrders();
    TableCatalog catalog = TableCatalog.create(MemoryCatalogStore.create());
    keepFor30Days(catalog).block(PATIENCE);
    R2dbcLeaseStore leases = R2dbcLeaseStore.create(database);
    leases.createTable().block(PATIENCE);
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    eachHour(gentle(database, flow, registry), leases, catalog).blockFirst(PATIENCE);

    assertThat(registry.get("batchflow.retention.rows").counter().count()).isEqualTo(1);
    flow.close().block(PATIENCE);
  }
}
