package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.guard.ContextName;
import io.batchflow.quota.Quota;
import io.batchflow.quota.Quotas;
import io.batchflow.quota.ThrottledFlow;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.tenant.TenantFlows;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** The snippets of docs/tenants.md, with a schema of H2 for each tenant. */
class TenantsExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///shop?options=DB_CLOSE_DELAY=-1");
  private final TenantFlows tenants = build(Set.of("acme", "umbrella"));

  @BeforeEach
  void create() {
    for (String tenant : Set.of("acme", "umbrella")) {
      execute("CREATE SCHEMA " + tenant);
      execute("CREATE TABLE " + tenant + ".orders (id BIGINT PRIMARY KEY)");
    }
  }

  @AfterEach
  void close() {
    tenants.close().block(PATIENCE);
    execute("SHUTDOWN");
  }

  private static TenantFlows build(Set<String> customers) {
    Scheduler shared = Schedulers.parallel();
    TenantFlows tenants =
        TenantFlows.builder(tenant -> customers.contains(tenant) ? open(tenant, shared) : null)
            .maxTenants(500)
            .idleTime(Duration.ofMinutes(10))
            .build();
    return tenants;
  }

  private static BatchFlow open(String tenant, Scheduler shared) {
    ConnectionFactory schema =
        ConnectionFactories.get("r2dbc:h2:mem:///shop?options=SCHEMA=" + tenant);
    return BatchFlow.builder(R2dbcBatchWriter.create(schema)).scheduler(shared).build();
  }

  private Mono<WriteResult> submit(Row row) {
    return tenants.submit(row).contextWrite(Context.of(ContextName.TENANT, "acme"));
  }

  private static ThrottledFlow throttle(TenantFlows tenants) {
    ThrottledFlow throttled =
        ThrottledFlow.of(tenants, Quotas.builder().eachTenant(Quota.rows(5_000)).build());
    return throttled;
  }

  private void execute(String sql) {
    Flux.usingWhen(
            database.create(),
            connection ->
                Flux.from(connection.createStatement(sql).execute())
                    .concatMap(Result::getRowsUpdated),
            connection -> connection.close())
        .blockLast(PATIENCE);
  }

  private Long count(String table) {
    return Mono.usingWhen(
            database.create(),
            connection ->
                Flux.from(connection.createStatement("SELECT COUNT(*) FROM " + table).execute())
                    .concatMap(result -> result.map((row, meta) -> row.get(0, Long.class)))
                    .next(),
            connection -> connection.close())
        .block(PATIENCE);
  }

  @Test
  void theRowsOfATenantAreInItsSchema() {
    submit(ORDERS.row().set("id", 1L)).block(PATIENCE);
    throttle(tenants)
        .submitAll(Flux.range(0, 10).map(id -> ORDERS.row().set("id", (long) id)))
        .contextWrite(Context.of(ContextName.TENANT, "umbrella"))
        .blockLast(PATIENCE);

    assertThat(count("acme.orders")).isEqualTo(1);
    assertThat(count("umbrella.orders")).isEqualTo(10);
  }

  @Test
  void othersAreNoTenants() {
    assertThatThrownBy(
            () ->
                tenants
                    .submit(ORDERS.row().set("id", 1L))
                    .contextWrite(Context.of(ContextName.TENANT, "stark"))
                    .block(PATIENCE))
        .isInstanceOf(InvalidRowException.class);
  }
}
