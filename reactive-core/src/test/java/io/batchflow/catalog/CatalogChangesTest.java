package io.batchflow.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How the changes of a catalog are told. */
class CatalogChangesTest {

  private static final TableSettings NONE = TableSettings.none();
  private static final TableSettings LARGE = TableSettings.builder().bufferSize(5_000).build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final BrokenStore store = new BrokenStore(MemoryCatalogStore.create());
  private final TableCatalog catalog = catalog().build();
  private final List<String> events = new ArrayList<>();

  private TableCatalog.Builder catalog() {
    return TableCatalog.builder(store).scheduler(time);
  }

  private Disposable watch() {
    return catalog.changes().subscribe(event -> events.add(printed(event)));
  }

  private static String printed(CatalogEvent event) {
    return event.kind() + (event.table() == null ? "" : " " + event.table().name());
  }

  private List<String> eventsAfter(Duration duration) {
    time.advanceTimeBy(duration);
    List<String> found = List.copyOf(events);
    events.clear();
    return found;
  }

  @Test
  void eachChangeIsToldAtOnce() {
    catalog.create("orders", NONE).block();
    Disposable watch = watch();
    assertThat(eventsAfter(Duration.ZERO)).containsExactly("ADDED orders");

    catalog.create("logs", NONE).block();
    assertThat(eventsAfter(Duration.ZERO)).containsExactly("ADDED logs");
    catalog.alter("orders", table -> table.withSettings(LARGE)).block();
    assertThat(eventsAfter(Duration.ZERO)).containsExactly("CHANGED orders");
    catalog.drop("orders").block();
    assertThat(eventsAfter(Duration.ZERO)).containsExactly("REMOVED orders");

    watch.dispose();
    catalog.create("more", NONE).block();
    assertThat(eventsAfter(Duration.ofHours(1))).isEmpty();
  }

  @Test
  void withoutHintsAChangeIsFoundWithinThePollInterval() {
    store.hints = false;
    watch();
    eventsAfter(Duration.ZERO);
    TableCatalog otherProcess = catalog().build();

    otherProcess.create("orders", NONE).block();
    assertThat(eventsAfter(Duration.ofMillis(500))).containsExactly("ADDED orders");
    otherProcess.alter("orders", table -> table.withSettings(LARGE)).block();
    otherProcess.alter("orders", table -> table.withStatus(TableStatus.PAUSED)).block();
    assertThat(eventsAfter(Duration.ofMillis(500))).containsExactly("CHANGED orders");
  }

  @Test
  void anIdleCatalogAsksOnlyForTheGeneration() {
    store.hints = false;
    watch();
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(store.reads).isEqualTo(1);
    assertThat(store.looks).isBetween(120, 242);
  }

  @Test
  void aStoreThatFailsIsAskedAgain() {
    watch();
    eventsAfter(Duration.ZERO);
    store.fault = Mono.error(new IllegalStateException("gone"));
    catalog.create("orders", NONE).block();
    assertThat(eventsAfter(Duration.ofMillis(500))).isNotEmpty().allMatch("FAILED"::equals);

    store.fault = Mono.empty();
    assertThat(eventsAfter(Duration.ofMillis(500))).containsExactly("ADDED orders");
  }

  @Test
  void aLookWithoutAnAnswerIsGivenUp() {
    watch();
    eventsAfter(Duration.ZERO);
    store.fault = Mono.never();
    catalog.create("orders", NONE).block();
    assertThat(eventsAfter(Duration.ofMillis(9_999))).isEmpty();
    store.fault = Mono.empty();

    assertThat(eventsAfter(Duration.ofMillis(501))).containsExactly("FAILED", "ADDED orders");
  }

  /** Fails as a test says, and counts. */
  private static final class BrokenStore implements CatalogStore {

    private final CatalogStore store;
    private Mono<Void> fault = Mono.empty();
    private boolean hints = true;
    private int looks;
    private int reads;

    BrokenStore(CatalogStore store) {
      this.store = store;
    }

    @Override
    public Mono<Long> generation() {
      looks++;
      return fault.then(store.generation());
    }

    @Override
    public Flux<TableInfo> tables() {
      reads++;
      return store.tables();
    }

    @Override
    public Mono<TableInfo> find(String name) {
      return store.find(name);
    }

    @Override
    public Mono<TableInfo> insert(TableInfo table, int maxTables) {
      return store.insert(table, maxTables);
    }

    @Override
    public Mono<TableInfo> replace(TableInfo table) {
      return store.replace(table);
    }

    @Override
    public Mono<Boolean> remove(TableInfo table) {
      return store.remove(table);
    }

    @Override
    public Flux<?> hints() {
      return hints ? store.hints() : Flux.empty();
    }
  }
}
