package io.batchflow.catalog;

import io.batchflow.BatchFlow;
import io.batchflow.catalog.CatalogEvent.Kind;
import io.batchflow.control.TableControl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets the tables of a flow follow a catalog: the settings change their policies, and the status
 * pauses, resumes and drains them. A change of another process applies within a poll interval of
 * the {@linkplain TableCatalog.Builder#pollInterval catalog} and the time of a request. A table
 * that is dropped gets the policy that the flow was built with, and is active.
 *
 * <p>Thread-safe. Follows until {@link #dispose()}, which leaves the tables as they are. Dispose it
 * before the flow is closed.
 */
public final class CatalogBinding implements Disposable {

  private final TableCatalog catalog;
  private final Function<String, TableControl> controls;
  private final Map<String, BoundTable> tables = new ConcurrentHashMap<>();
  private final Sinks.Empty<Void> ready = Sinks.empty();
  private volatile @Nullable Throwable failure;
  private final Disposable following;

  private CatalogBinding(TableCatalog catalog, Function<String, TableControl> controls) {
    this.catalog = catalog;
    this.controls = controls;
    this.following =
        catalog
            .looks()
            .concatMap(this::follow, 1)
            .subscribe(done -> {}, thrown -> failure = thrown);
  }

  /** Starts to let the tables of a flow follow a catalog. */
  public static CatalogBinding start(TableCatalog catalog, BatchFlow flow) {
    Objects.requireNonNull(flow, "flow");
    return new CatalogBinding(Objects.requireNonNull(catalog, "catalog"), flow::control);
  }

  /** Completes when the catalog was read, and the tables that it had follow it. */
  public Mono<Void> ready() {
    return ready.asMono();
  }

  /** Returns why the catalog could not be read at the last look; null if it could. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Returns a table of the catalog, with the statistics of the flow. Fails with {@link
   * TableMissingException} if the catalog has none of this name.
   */
  public Mono<TableDescription> describe(String name) {
    return catalog.describe(name).map(this::described);
  }

  private TableDescription described(TableInfo table) {
    TableControl control = controls.apply(table.name());
    BoundTable bound = tables.get(table.name());
    return new TableDescription(
        table,
        table.settings().withDefaults(catalog.defaults()),
        control.policy(),
        control.isPaused(),
        control.stats(),
        bound == null ? null : bound.failure());
  }

  /**
   * Drops a table with its rows. From now on its status is {@link TableStatus#DELETING}, so flows
   * that follow the catalog turn new rows away. When the rows of this flow have their outcomes, and
   * others had the time of two poll intervals, the rows of the table are deleted, and then the
   * table is removed from the catalog. If this fails or is cancelled, the status stays, and a
   * repetition goes on.
   *
   * @param deletion deletes all rows of a table by its name, and returns how many there were
   * @return how many rows were deleted. Fails with {@link TableMissingException} if the catalog has
   *     no table of this name, and with {@link CatalogConflictException} if the table is changed
   *     meanwhile
   */
  public Mono<Long> dropWithRows(String name, Function<String, Mono<Long>> deletion) {
    Duration patience = catalog.options.pollInterval.multipliedBy(2);
    return catalog
        .alter(name, table -> table.withStatus(TableStatus.DELETING))
        .flatMap(
            table ->
                controls
                    .apply(name)
                    .drain()
                    .then(Mono.delay(patience, catalog.options.scheduler))
                    .then(unchanged(table))
                    .then(Mono.defer(() -> deletion.apply(name)))
                    .defaultIfEmpty(0L)
                    .flatMap(rows -> catalog.drop(table).thenReturn(rows)));
  }

  private Mono<TableInfo> unchanged(TableInfo read) {
    return catalog
        .find(read.name())
        .filter(table -> table.generation() == read.generation())
        .switchIfEmpty(Mono.error(() -> new CatalogConflictException(read)));
  }

  private Mono<Void> follow(List<CatalogEvent> events) {
    return Flux.fromIterable(events)
        .concatMap(this::follow)
        .then(Mono.fromRunnable(this::followed));
  }

  private void followed() {
    if (failure == null) {
      ready.tryEmitEmpty();
    }
  }

  private Mono<Void> follow(CatalogEvent event) {
    failure = event.failure();
    TableInfo table = event.table();
    if (table == null) {
      return Mono.empty();
    }
    BoundTable bound =
        tables.computeIfAbsent(table.name(), name -> new BoundTable(controls.apply(name)));
    return event.kind() == Kind.REMOVED
        ? bound
            .follow(TableSettings.none(), TableSettings.none(), TableStatus.ACTIVE)
            .then(Mono.fromRunnable(() -> tables.remove(table.name())))
        : bound.follow(table.settings(), catalog.defaults(), table.status());
  }

  /** Stops to follow the catalog. */
  @Override
  public void dispose() {
    following.dispose();
  }

  @Override
  public boolean isDisposed() {
    return following.isDisposed();
  }

  @Override
  public String toString() {
    return "CatalogBinding[" + catalog + "]";
  }
}
