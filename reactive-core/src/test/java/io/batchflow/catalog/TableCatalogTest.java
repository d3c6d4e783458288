package io.batchflow.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a catalog accepts. */
class TableCatalogTest {

  private static final TableSettings NONE = TableSettings.none();
  private static final TableSettings LARGE = TableSettings.builder().bufferSize(5_000).build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final CatalogStore store = MemoryCatalogStore.create();
  private final TableCatalog catalog = catalog().build();

  private TableCatalog.Builder catalog() {
    return TableCatalog.builder(store).scheduler(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1orders", "or-ders", "orders ", "örders", "or\nders", "a.b"})
  void otherNamesAreRefused(String name) {
    Mono<TableInfo> create = catalog.create(name, NONE);

    assertThatThrownBy(create::block)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("^[a-zA-Z][a-zA-Z0-9_]{0,63}$");
    assertThat(catalog.list().block().total()).isZero();
  }

  @Test
  void namesHave64Characters() {
    catalog.create("a".repeat(64), NONE).block();
    assertThatThrownBy(() -> catalog.create("a".repeat(65), NONE).block())
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void theBoundsAreOptions() {
    TableCatalog small = catalog().maxTables(2).namePattern("[a-z.]+").build();
    small.create("sales.orders", NONE).block();
    small.create("sales.items", NONE).block();

    assertThatThrownBy(() -> small.create("third", NONE).block())
        .isInstanceOf(CatalogFullException.class)
        .hasMessageContaining("has 2 tables");
    assertThatThrownBy(() -> small.create("Third", NONE).block())
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(small.createIfAbsent("sales.items", NONE).block().name()).isEqualTo("sales.items");
    small.drop("sales.items").block();
    small.create("third", NONE).block();
  }

  @Test
  void aTableIsCreatedOnce() {
    TableInfo created = catalog.create("orders", LARGE).block();

    assertThat(created.status()).isEqualTo(TableStatus.ACTIVE);
    assertThat(created.createdAt()).isEqualTo(Instant.EPOCH);
    assertThatThrownBy(() -> catalog.create("orders", NONE).block())
        .isInstanceOf(TableExistsException.class);
    assertThat(catalog.createIfAbsent("orders", NONE).block()).isEqualTo(created);
    assertThat(catalog.describe("orders").block()).isEqualTo(created);
  }

  @Test
  void aMissingTableIsNamed() {
    assertThat(catalog.find("orders").block()).isNull();
    assertThatThrownBy(() -> catalog.describe("orders").block())
        .isInstanceOfSatisfying(
            TableMissingException.class, e -> assertThat(e.table()).isEqualTo("orders"));
    assertThatThrownBy(() -> catalog.drop("orders").block())
        .isInstanceOf(TableMissingException.class);
    assertThat(catalog.dropIfPresent("orders").block()).isFalse();
  }

  @Test
  void rowsThatNameNoTableHaveTheDefaultTable() {
    TableCatalog withDefault = catalog().defaultTable("other").build();
    catalog.create("orders", NONE).block();

    assertThat(withDefault.tableOf("orders").block().name()).isEqualTo("orders");
    TableInfo other = withDefault.tableOf(null).block();
    assertThat(other.name()).isEqualTo("other");
    assertThat(withDefault.tableOf(" ").block()).isEqualTo(other);
    assertThatThrownBy(() -> withDefault.tableOf("missing").block())
        .isInstanceOf(TableMissingException.class);
    assertThatThrownBy(() -> catalog.tableOf(null).block())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("defaultTable");
  }

  @Test
  void tablesAreListedByPattern() {
    List.of("orders", "order_items", "logs", "Orders")
        .forEach(name -> catalog.create(name, NONE).block());

    assertThat(names("order*")).containsExactly("order_items", "orders");
    assertThat(names("?og?")).containsExactly("logs");
    assertThat(names("*")).hasSize(4);
    assertThat(names("o.*")).isEmpty();
    assertThat(catalog.list("logs").block().total()).isEqualTo(4);
  }

  private List<String> names(String pattern) {
    return catalog.list(pattern).block().tables().stream().map(TableInfo::name).toList();
  }

  @Test
  void ofTwoChangesOfOneStateTheSecondIsRefused() {
    TableInfo read = catalog.create("orders", NONE).block();
    time.advanceTimeBy(Duration.ofSeconds(5));

    TableInfo changed = catalog.alter(read.withSettings(LARGE)).block();
    Mono<TableInfo> second = catalog.alter(read.withStatus(TableStatus.PAUSED));

    assertThat(changed.generation()).isGreaterThan(read.generation());
    assertThat(changed.changedAt()).isEqualTo(Instant.EPOCH.plusSeconds(5));
    assertThat(changed.createdAt()).isEqualTo(Instant.EPOCH);
    assertThatThrownBy(second::block)
        .isInstanceOfSatisfying(
            CatalogConflictException.class,
            e -> assertThat(e.generation()).isEqualTo(read.generation()));
    assertThat(catalog.describe("orders").block()).isEqualTo(changed);
  }

  @Test
  void aTableThatWasCreatedAgainIsAnother() {
    TableInfo read = catalog.create("orders", NONE).block();
    catalog.drop("orders").block();
    catalog.create("orders", NONE).block();

    assertThatThrownBy(() -> catalog.alter(read.withSettings(LARGE)).block())
        .isInstanceOf(CatalogConflictException.class);
  }

  @Test
  void settingsThatContradictTheDefaultsAreRefused() {
    TableCatalog strict =
        catalog()
            .defaults(TableSettings.builder().deliveryTimeout(Duration.ofSeconds(1)).build())
            .build();
    TableSettings slow = TableSettings.builder().flushInterval(Duration.ofSeconds(2)).build();
    TableInfo orders = strict.create("orders", NONE).block();

    assertThatThrownBy(() -> strict.create("logs", slow).block())
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> strict.alter(orders.withSettings(slow)).block())
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(strict.list().block().tables()).containsExactly(orders);
  }

  @Test
  void nothingHappensBeforeTheSubscription() {
    Mono<TableInfo> create = catalog.create("orders", NONE);

    assertThat(catalog.list().block().total()).isZero();
    create.block();
    assertThat(catalog.list().block().total()).isEqualTo(1);
  }

  @Test
  void invalidOptionsAreRefused() {
    assertThatThrownBy(() -> catalog().maxTables(0)).hasMessageContaining("maxTables");
    assertThatThrownBy(() -> catalog().namePattern("(")).hasMessageContaining("namePattern");
    assertThatThrownBy(() -> catalog().pollInterval(Duration.ZERO))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("pollInterval");
  }
}
