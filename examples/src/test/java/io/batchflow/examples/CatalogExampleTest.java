package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.CatalogConflictException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import io.batchflow.catalog.yaml.CatalogFile;
import io.batchflow.catalog.yaml.CatalogYaml;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.catalog.ColumnType;
import io.batchflow.r2dbc.catalog.R2dbcCatalogStore;
import io.batchflow.r2dbc.catalog.R2dbcTables;
import io.batchflow.test.RecordingWriter;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The snippets of docs/catalog.md. */
class CatalogExampleTest {

  private static final Schema ORDERS =
      Schema.table("orders").columns("id", "item").conflictKey("id").build();

  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

  private static TableCatalog catalogIn(ConnectionFactory database) {
    return TableCatalog.builder(R2dbcCatalogStore.create(database))
        .defaults(TableSettings.builder().bufferSize(1_000).retentionDays(30).build())
        .build();
  }

  private static Mono<TableCatalog> read(Path path, CatalogStore store) throws IOException {
    CatalogFile file = CatalogYaml.create().read(path);
    TableCatalog catalog = TableCatalog.builder(store).defaults(file.defaults()).build();
    return file.createIn(catalog).then(Mono.just(catalog));
  }

  @Test
  void tablesAreReadFromTheFileOfTheDocs(@TempDir Path directory) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "catalog.md"));
    String yaml = page.substring(page.indexOf("```yaml\n") + 8);
    Path path =
        Files.writeString(directory.resolve("tables.yml"), yaml.substring(0, yaml.indexOf("```")));

    TableInfo orders =
        read(path, MemoryCatalogStore.create())
            .flatMap(catalog -> catalog.describe("orders"))
            .block();

    assertThat(orders.settings().flushInterval()).isEqualTo(Duration.ofSeconds(10));
  }

  private static Mono<TableInfo> createOrders(TableCatalog catalog) {
    return catalog.createIfAbsent(
        "orders",
        TableSettings.builder()
            .bufferSize(5_000)
            .flushInterval(Duration.ofSeconds(10))
            .property("owner", "sales")
            .build());
  }

  private static CatalogBinding follow(TableCatalog catalog, BatchFlow flow) {
    CatalogBinding binding = CatalogBinding.start(catalog, flow);
    return binding;
  }

  private static Mono<TableInfo> enlarge(TableCatalog catalog) {
    return catalog.alter(
        "orders",
        table -> table.withSettings(table.settings().toBuilder().bufferSize(10_000).build()));
  }

  private static Mono<TableInfo> pauseAsRead(TableCatalog catalog, TableInfo read) {
    return catalog
        .alter(read.withStatus(TableStatus.PAUSED))
        .onErrorResume(CatalogConflictException.class, conflict -> catalog.describe("orders"));
  }

  private static Mono<TableInfo> createBoth(ConnectionFactory database, TableCatalog catalog) {
    R2dbcTables tables = R2dbcTables.create(database);
    return tables
        .createIfAbsent(ORDERS, Map.of("id", ColumnType.BIGINT, "item", ColumnType.TEXT))
        .then(catalog.createIfAbsent(ORDERS.table(), TableSettings.none()));
  }

  private static Mono<Long> dropBoth(CatalogBinding binding, R2dbcTables tables) {
    return binding.dropWithRows(ORDERS.table(), tables::deleteRows);
  }

  @Test
  void aTableIsCreatedWrittenAndDroppedWithItsRows() {
    R2dbcCatalogStore.create(database).createTables().block();
    TableCatalog catalog = catalogIn(database);
    createBoth(database, catalog).block();
    BatchFlow writing = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    CatalogBinding binding = follow(catalog, writing);
    binding.ready().block();

    writing.submit(ORDERS.row().set("id", 1L).set("item", "tea")).block();

    assertThat(dropBoth(binding, R2dbcTables.create(database)).block()).isEqualTo(1);
    binding.dispose();
    writing.close().block();
    flow.close().block();
  }

  @Test
  void aFlowFollowsItsCatalog() {
    R2dbcCatalogStore.create(database).createTables().block();
    TableCatalog catalog = catalogIn(database);
    TableInfo orders = createOrders(catalog).block();
    CatalogBinding binding = follow(catalog, flow);
    binding.ready().block();
    assertThat(flow.control("orders").policy().maxDelay()).isEqualTo(Duration.ofSeconds(10));

    TableInfo larger = enlarge(catalog).block();
    assertThat(pauseAsRead(catalog, orders).block()).isEqualTo(larger);
    pauseAsRead(catalog, larger).block();

    Mono.fromCallable(() -> flow.control("orders").isPaused())
        .filter(paused -> paused)
        .repeatWhenEmpty(checks -> checks.delayElements(Duration.ofMillis(10)))
        .block(Duration.ofSeconds(60));
    assertThat(flow.control("orders").policy().maxSize()).isEqualTo(10_000);
    binding.dispose();
    flow.close().block();
  }
}
