package io.batchflow.spring.boot.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.FlowClosedException;
import io.batchflow.Schema;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.SettingInfo;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import io.batchflow.jdbc.catalog.JdbcCatalogStore;
import io.batchflow.r2dbc.catalog.R2dbcCatalogStore;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.TestDatabase;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class CatalogAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database = TestDatabase.create();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BatchFlowAutoConfiguration.class,
                  CatalogAutoConfiguration.class,
                  CatalogEndpointAutoConfiguration.class))
          .withBean(ConnectionFactory.class, database::connections);

  private static void await(BatchFlow flow, Predicate<BatchPolicy> expected) {
    Flux.interval(Duration.ofMillis(20))
        .map(tick -> flow.control("orders").policy())
        .filter(expected)
        .blockFirst(PATIENCE);
  }

  @Test
  void thereIsNoneWithoutAStore() {
    runner.run(
        context ->
            assertThat(context)
                .doesNotHaveBean(TableCatalog.class)
                .doesNotHaveBean(CatalogFollower.class));
  }

  @Test
  void tablesOfThePropertiesAreFollowedAsSoonAsTheApplicationHasStarted() {
    runner
        .withSystemProperties("ORDERS_INTERVAL=3s")
        .withPropertyValues(
            "batchflow.catalog.store=memory",
            "batchflow.catalog.defaults.buffer_size=1000",
            "batchflow.catalog.tables.orders.buffer_size=5000",
            "batchflow.catalog.tables.orders.flush_interval=${ORDERS_INTERVAL}",
            "batchflow.catalog.tables.orders.retention_days=7",
            "batchflow.catalog.tables.orders.properties.owner=sales",
            "batchflow.catalog.tables.users.share=0.5")
        .run(
            context -> {
              BatchFlow flow = context.getBean(BatchFlow.class);
              assertThat(flow.control("orders").policy().maxSize()).isEqualTo(5_000);
              assertThat(flow.control("orders").policy().maxDelay()).hasSeconds(3);
              assertThat(flow.control("users").policy().maxSize()).isEqualTo(1_000);
              assertThat(flow.control("users").policy().share()).isEqualTo(0.5);
              TableInfo orders =
                  context.getBean(TableCatalog.class).describe("orders").block(PATIENCE);
              assertThat(orders.settings().retentionDays()).isEqualTo(7);
              assertThat(orders.settings().properties()).isEqualTo(Map.of("owner", "sales"));
            });
  }

  @Test
  void eachSettingHasAProperty() {
    assertThat(
            Arrays.stream(CatalogTableProperties.class.getRecordComponents())
                .map(component -> DataObjectPropertyName.toDashedForm(component.getName()))
                .map(name -> name.replace('-', '_'))
                .filter(name -> !name.equals("properties")))
        .containsExactlyElementsOf(TableSettings.known().stream().map(SettingInfo::key).toList());
  }

  @Test
  void aSharedCatalogIsNotOverwrittenAndItsChangesApply() {
    R2dbcCatalogStore store = R2dbcCatalogStore.create(database.connections());
    TableCatalog other = TableCatalog.create(store);
    store
        .createTables()
        .then(other.create("orders", TableSettings.builder().bufferSize(7).build()))
        .block(PATIENCE);

    runner
        .withPropertyValues(
            "batchflow.catalog.store=r2dbc",
            "batchflow.catalog.create-tables=true",
            "batchflow.catalog.poll-interval=50ms",
            "batchflow.catalog.tables.orders.buffer-size=5000")
        .run(
            context -> {
              BatchFlow flow = context.getBean(BatchFlow.class);
              assertThat(flow.control("orders").policy().maxSize()).isEqualTo(7);
              other
                  .alter(
                      "orders",
                      table -> table.withSettings(TableSettings.builder().bufferSize(9).build()))
                  .block(PATIENCE);
              await(flow, policy -> policy.maxSize() == 9);
            });
  }

  @Test
  void theStatusIsFollowed() {
    Schema orders = Schema.table("orders").columns("id").build();
    runner
        .withPropertyValues(
            "batchflow.catalog.store=memory", "batchflow.catalog.tables.orders.buffer-size=5")
        .run(
            context -> {
              context
                  .getBean(TableCatalog.class)
                  .alter("orders", table -> table.withStatus(TableStatus.ARCHIVED))
                  .block(PATIENCE);
              BatchFlow flow = context.getBean(BatchFlow.class);
              Flux.interval(Duration.ofMillis(20))
                  .filter(tick -> flow.control("orders").isDrained())
                  .blockFirst(PATIENCE);
              Throwable turnedAway =
                  flow.submit(orders.row().set("id", 1L))
                      .then(Mono.<Throwable>empty())
                      .onErrorResume(Mono::just)
                      .block(PATIENCE);
              assertThat(turnedAway).isInstanceOf(FlowClosedException.class);
            });
  }

  @Test
  void aDataSourceStoresIt(@TempDir Path directory) {
    SQLiteDataSource sqlite = new SQLiteDataSource();
    sqlite.setUrl("jdbc:sqlite:" + directory.resolve("catalog.db"));
    runner
        .withBean(DataSource.class, () -> sqlite)
        .withPropertyValues(
            "batchflow.catalog.store=jdbc",
            "batchflow.catalog.create-tables=true",
            "batchflow.catalog.tables.orders.buffer-size=5")
        .run(
            context -> {
              assertThat(context).hasSingleBean(JdbcCatalogStore.class);
              assertThat(context.getBean(BatchFlow.class).control("orders").policy().maxSize())
                  .isEqualTo(5);
            });
  }

  @Test
  void onlyTheNamedFlowsFollow() {
    runner
        .withPropertyValues(
            "batchflow.catalog.store=memory",
            "batchflow.catalog.tables.orders.buffer-size=5",
            "batchflow.catalog.flows=first",
            "batchflow.flows.first.max-wait=1s",
            "batchflow.flows.second.max-wait=1s")
        .run(
            context -> {
              assertThat(policy(context.getBean("first", BatchFlow.class))).isEqualTo(5);
              assertThat(policy(context.getBean("second", BatchFlow.class))).isEqualTo(1_000);
            });
  }

  private static int policy(BatchFlow flow) {
    return flow.control("orders").policy().maxSize();
  }

  @Test
  void beansOfTheApplicationTakeTheirPlaces() {
    CatalogStore store = MemoryCatalogStore.create();
    runner
        .withBean(CatalogStore.class, () -> store)
        .withPropertyValues("batchflow.catalog.tables.orders.buffer-size=5")
        .run(
            context -> {
              assertThat(context.getBean(CatalogStore.class)).isSameAs(store);
              assertThat(policy(context.getBean(BatchFlow.class))).isEqualTo(5);
            });
  }

  /** A binding that goes on would fail on a closed flow. */
  @Test
  void theFlowsStopToFollowBeforeTheyClose() {
    List<CatalogFollower> followers = new java.util.ArrayList<>();
    runner
        .withPropertyValues("batchflow.catalog.store=memory")
        .run(
            context -> {
              followers.add(context.getBean(CatalogFollower.class));
              assertThat(followers.get(0).bindings()).containsOnlyKeys("batchFlow");
            });

    assertThat(followers.get(0).bindings()).isEmpty();
    assertThat(followers.get(0).isRunning()).isFalse();
    assertThat(followers.get(0).getPhase())
        .isGreaterThan(io.batchflow.spring.boot.lifecycle.ClosingLifecycle.FLOWS);
  }

  @Test
  void anApplicationMayStartWithoutItsCatalog() {
    runner
        .withPropertyValues(
            "batchflow.catalog.store=r2dbc",
            "batchflow.catalog.fail-fast=false",
            "batchflow.catalog.read-timeout=500ms",
            "batchflow.catalog.poll-interval=50ms",
            "batchflow.catalog.defaults.buffer-size=3")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              R2dbcCatalogStore store = R2dbcCatalogStore.create(database.connections());
              store
                  .createTables()
                  .then(TableCatalog.create(store).create("orders", TableSettings.none()))
                  .block(PATIENCE);
              await(context.getBean(BatchFlow.class), policy -> policy.maxSize() == 3);
            });
  }

  @Test
  void theEndpointShowsTheCatalog() {
    runner
        .withPropertyValues(
            "management.endpoints.web.exposure.include=*",
            "batchflow.catalog.store=memory",
            "batchflow.catalog.defaults.buffer-size=10",
            "batchflow.catalog.tables.orders.flush-interval=3s")
        .run(
            context -> {
              CatalogEndpoint endpoint = context.getBean(CatalogEndpoint.class);
              CatalogEndpoint.CatalogDescriptor all = endpoint.tables().block(PATIENCE);
              assertThat(all.total()).isEqualTo(1);
              assertThat(all.defaults()).isEqualTo(Map.of("buffer_size", "10"));
              assertThat(all.tables().get(0).settings())
                  .isEqualTo(Map.of("flush_interval", "PT3S"));
              assertThat(
                      endpoint.table("orders").block(PATIENCE).flows().get("batchFlow").maxSize())
                  .isEqualTo(10);
              assertThat(endpoint.table("none").block(PATIENCE)).isNull();
            });
  }

  @Test
  void theLibrariesOfOtherStoresMayBeMissing() {
    runner
        .withClassLoader(
            new FilteredClassLoader("io.batchflow.redis", "io.lettuce", "javax.sql.DataSource"))
        .withPropertyValues("batchflow.catalog.store=memory")
        .run(context -> assertThat(context).hasSingleBean(TableCatalog.class));
  }
}
