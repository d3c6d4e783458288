package io.batchflow.spring.boot.catalog;

import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableDescription;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableMissingException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shows the tables of the catalog, and how the flows follow them. Holds no values of rows. */
@Endpoint(id = "batchflowcatalog")
public final class CatalogEndpoint {

  private final TableCatalog catalog;
  private final Supplier<Map<String, CatalogBinding>> bindings;

  CatalogEndpoint(TableCatalog catalog, Supplier<Map<String, CatalogBinding>> bindings) {
    this.catalog = catalog;
    this.bindings = bindings;
  }

  /** Returns all tables by name, the defaults, and why a flow could not read the catalog. */
  @ReadOperation
  public Mono<CatalogDescriptor> tables() {
    return catalog
        .list("*")
        .map(
            list ->
                new CatalogDescriptor(
                    list.total(),
                    catalog.defaults().asMap(),
                    failures(),
                    list.tables().stream().map(TableDescriptor::of).toList()));
  }

  private Map<String, String> failures() {
    Map<String, String> failures = new TreeMap<>();
    bindings
        .get()
        .forEach(
            (flow, binding) -> {
              Throwable failure = binding.failure();
              if (failure != null) {
                failures.put(flow, String.valueOf(failure.getMessage()));
              }
            });
    return failures;
  }

  /** Returns a table, and what each flow makes of it; nothing if there is none of this name. */
  @ReadOperation
  public Mono<FollowedTable> table(@Selector String table) {
    return catalog
        .describe(table)
        .flatMap(
            info ->
                Flux.fromIterable(bindings.get().entrySet())
                    .concatMap(
                        flow ->
                            flow.getValue()
                                .describe(table)
                                .map(described -> Map.entry(flow.getKey(), described)))
                    .collectMap(
                        Map.Entry::getKey, flow -> FlowTable.of(flow.getValue()), TreeMap::new)
                    .map(flows -> new FollowedTable(TableDescriptor.of(info), flows)))
        .onErrorResume(TableMissingException.class, missing -> Mono.empty());
  }

  /**
   * The catalog.
   *
   * @param total how many tables it has
   * @param defaults the settings of tables that do not set their own
   * @param failures why flows could not read it at their last look, by their names
   */
  public record CatalogDescriptor(
      long total,
      Map<String, String> defaults,
      Map<String, String> failures,
      List<TableDescriptor> tables)
      implements OperationResponseBody {}

  /**
   * A table.
   *
   * @param settings those that are set
   */
  public record TableDescriptor(
      String name,
      String status,
      long generation,
      Instant createdAt,
      Instant changedAt,
      Map<String, String> settings) {

    static TableDescriptor of(TableInfo table) {
      return new TableDescriptor(
          table.name(),
          table.status().name(),
          table.generation(),
          table.createdAt(),
          table.changedAt(),
          new LinkedHashMap<>(table.settings().asMap()));
    }
  }

  /**
   * A table, and what each flow makes of it.
   *
   * @param flows by their names
   */
  public record FollowedTable(TableDescriptor table, Map<String, FlowTable> flows)
      implements OperationResponseBody {}

  /**
   * What a flow makes of a table.
   *
   * @param pending rows without an outcome
   * @param written rows that were written
   * @param failure why the flow refused the last change; null if it did not
   */
  public record FlowTable(
      int maxSize, boolean paused, long pending, long written, @Nullable String failure) {

    static FlowTable of(TableDescription table) {
      Throwable failure = table.failure();
      return new FlowTable(
          table.policy().maxSize(),
          table.paused(),
          table.stats().stream().mapToLong(stats -> stats.ledger().pending()).sum(),
          table.stats().stream().mapToLong(stats -> stats.ledger().written()).sum(),
          failure == null ? null : String.valueOf(failure.getMessage()));
    }
  }
}
