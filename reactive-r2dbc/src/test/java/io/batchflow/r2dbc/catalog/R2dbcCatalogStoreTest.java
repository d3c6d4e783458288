package io.batchflow.r2dbc.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.contract.CatalogStoreContract;
import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.test.RecordingWriter;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The catalog in each database keeps the contract. */
class R2dbcCatalogStoreTest {

  private abstract static class OnDatabase extends CatalogStoreContract {

    private final Kind kind;
    private final List<ConnectionPool> pools = new ArrayList<>();
    private @Nullable LeaseDatabase database;

    OnDatabase(Kind kind) {
      this.kind = kind;
    }

    @Override
    protected void createCatalog() throws Exception {
      database = kind.open();
      store().createTables().block();
    }

    R2dbcCatalogStore store() {
      ConnectionFactory factory = Objects.requireNonNull(database).factory();
      return R2dbcCatalogStore.create(kind == Kind.H2 ? factory : pool(factory));
    }

    /** Connecting takes most of the time otherwise. The driver of H2 would block the pool. */
    private ConnectionPool pool(ConnectionFactory factory) {
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(factory).initialSize(0).maxSize(4).build());
      pools.add(pool);
      return pool;
    }

    @Override
    protected CatalogStore openStore() {
      return store();
    }

    @Override
    protected void removeCatalog() throws Exception {
      Flux.fromIterable(pools).flatMap(ConnectionPool::disposeLater).blockLast();
      Objects.requireNonNull(database).close();
    }

    @Test
    void theTablesMayExistOrBeCreatedByOthersAtTheSameTime() {
      store().createTables().block();
      Flux.range(0, 4)
          .flatMap(i -> store().createTables().subscribeOn(Schedulers.boundedElastic()))
          .blockLast();

      assertThat(store().generation().block()).isZero();
    }

    /** As two processes do, each with connections of its own. */
    @Test
    void anotherProcessRetunesALiveTable() {
      RecordingWriter writer = RecordingWriter.create();
      BatchFlow flow = BatchFlow.builder(writer).build();
      TableCatalog here = TableCatalog.create(store());
      TableCatalog there = TableCatalog.create(store());
      there.create("orders", TableSettings.builder().bufferSize(10).build()).block();
      CatalogBinding binding = CatalogBinding.start(here, flow);
      binding.ready().block();
      assertThat(flow.control("orders").policy().maxSize()).isEqualTo(10);

      there
          .alter(
              "orders", table -> table.withSettings(TableSettings.builder().bufferSize(20).build()))
          .block();

      Flux.interval(Duration.ofMillis(10))
          .onBackpressureDrop()
          .takeUntil(tick -> flow.control("orders").policy().maxSize() == 20)
          .blockLast(Duration.ofSeconds(60));
      binding.dispose();
      flow.close().block();
    }
  }

  @Nested
  class OnH2 extends OnDatabase {

    OnH2() {
      super(Kind.H2);
    }
  }

  @Nested
  @Tag("server")
  class OnPostgres extends OnDatabase {

    OnPostgres() {
      super(Kind.POSTGRES);
    }
  }

  @Nested
  @Tag("server")
  class OnMariaDb extends OnDatabase {

    OnMariaDb() {
      super(Kind.MARIADB);
    }
  }

  @Nested
  @Tag("server")
  class OnMariaDbByTheDriverOfMySql extends OnDatabase {

    OnMariaDbByTheDriverOfMySql() {
      super(Kind.MARIADB_BY_MYSQL);
    }
  }

  @Test
  void withoutTablesAChangeNamesTheRemedy() throws Exception {
    try (LeaseDatabase database = Kind.H2.open()) {
      R2dbcCatalogStore store = R2dbcCatalogStore.create(database.factory());
      store.createTables().block();
      Flux.usingWhen(
              database.factory().create(),
              connection -> connection.createStatement("DELETE FROM batchflow_catalog").execute(),
              connection -> connection.close())
          .flatMap(result -> result.getRowsUpdated())
          .blockLast();

      TableCatalog catalog = TableCatalog.create(store);
      assertThatThrownBy(() -> catalog.create("orders", TableSettings.none()).block())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("createTables");
    }
  }
}
