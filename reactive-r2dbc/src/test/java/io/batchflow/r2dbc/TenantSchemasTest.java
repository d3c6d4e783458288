package io.batchflow.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.guard.ContextName;
import io.batchflow.tenant.TenantFlows;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Tenants with a schema of PostgreSQL each, more of them than may be open at the same time. */
@Tag("server")
class TenantSchemasTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TENANTS = 6;
  private static final int ROWS = 500;

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void eachTenantWritesToItsSchema() throws SQLException {
    Schema orders = Schema.table("orders").columns("id").build();
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        execute(beside, "CREATE SCHEMA tenant" + tenant);
        execute(beside, "CREATE TABLE tenant" + tenant + ".orders (id BIGINT PRIMARY KEY)");
      }
      TenantFlows tenants =
          TenantFlows.builder(
                  tenant ->
                      BatchFlow.builder(
                              R2dbcBatchWriter.create(
                                  ConnectionFactories.get(
                                      database
                                          .server()
                                          .r2dbcUrl("postgresql", "schema=" + tenant))))
                          .concurrency(2)
                          .scheduler(Schedulers.parallel())
                          .build())
              .maxTenants(2)
              .build();

      List<Outcome<Row>> outcomes =
          Flux.range(0, TENANTS)
              .flatMap(
                  tenant ->
                      tenants
                          .submitAll(
                              Flux.range(0, ROWS + tenant)
                                  .map(id -> orders.row().set("id", (long) id)))
                          .contextWrite(Context.of(ContextName.TENANT, "tenant" + tenant)),
                  2)
              .collectList()
              .block(PATIENCE);
      tenants.close().block(PATIENCE);

      assertThat(outcomes).allMatch(Outcome::isWritten);
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        assertThat(count(beside, "tenant" + tenant + ".orders")).isEqualTo(ROWS + tenant);
      }
    }
  }
}
