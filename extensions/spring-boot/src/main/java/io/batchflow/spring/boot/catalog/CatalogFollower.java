package io.batchflow.spring.boot.catalog;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.CatalogException;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.spring.boot.FlowStartException;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Creates the tables of the properties, and lets flows follow the catalog: before the application
 * serves requests, and until the flows close.
 */
final class CatalogFollower implements SmartLifecycle {

  private static final Log log = LogFactory.getLog(CatalogFollower.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TableCatalog catalog;
  private final Mono<Void> preparation;
  private final Map<String, BatchFlow> flows;
  private final CatalogProperties properties;
  private volatile Map<String, CatalogBinding> bindings = Map.of();
  private volatile boolean running;

  CatalogFollower(
      TableCatalog catalog,
      @Nullable CatalogTables tables,
      Map<String, BatchFlow> flows,
      CatalogProperties properties) {
    this.catalog = catalog;
    this.flows = chosen(flows, properties);
    this.properties = properties;
    Mono<Void> created =
        tables == null || !properties.createTables() ? Mono.empty() : tables.create();
    this.preparation =
        created
            .then(Mono.defer(() -> catalog.list("*"))) // fails at once if it cannot be read
            .thenMany(Flux.fromIterable(new CatalogSettings(properties).tables().entrySet()))
            .concatMap(table -> catalog.createIfAbsent(table.getKey(), table.getValue()))
            .then();
  }

  private static Map<String, BatchFlow> chosen(
      Map<String, BatchFlow> flows, CatalogProperties properties) {
    Map<String, BatchFlow> chosen = new TreeMap<>(flows);
    if (!properties.flows().isEmpty()) {
      chosen.keySet().retainAll(properties.flows());
    }
    for (String flow : properties.flows()) {
      if (!chosen.containsKey(flow)) {
        throw new FlowStartException(
            "The property '%s.flows' names the flow '%s', which does not exist."
                .formatted(CatalogProperties.PREFIX, flow),
            "The flows are: " + String.join(", ", flows.keySet()) + ".",
            null);
      }
    }
    return chosen;
  }

  /** Returns the bindings by the names of their flows; none while it is stopped. */
  Map<String, CatalogBinding> bindings() {
    return bindings;
  }

  @Override
  public void start() {
    Map<String, CatalogBinding> started = new TreeMap<>();
    try {
      prepare();
      flows.forEach((name, flow) -> started.put(name, CatalogBinding.start(catalog, flow)));
      started.values().forEach(this::await);
    } catch (FlowStartException refused) {
      started.values().forEach(CatalogBinding::dispose);
      throw refused;
    }
    bindings = Map.copyOf(started);
    running = true;
  }

  private void prepare() {
    try {
      preparation.block(patience());
    } catch (CatalogException | InvalidConfigurationException refused) {
      throw failed(refused);
    } catch (RuntimeException unreadable) {
      missed(unreadable);
    }
  }

  private void await(CatalogBinding binding) {
    try {
      binding.ready().block(patience());
    } catch (RuntimeException late) {
      missed(Objects.requireNonNullElse(binding.failure(), late));
    }
  }

  private Duration patience() {
    return Objects.requireNonNullElse(properties.readTimeout(), PATIENCE);
  }

  private void missed(Throwable failure) {
    if (properties.failFast()) {
      throw failed(failure);
    }
    log.warn(
        "The catalog cannot be read yet. The flows have the policies of their properties until then",
        failure);
  }

  private static FlowStartException failed(Throwable failure) {
    return new FlowStartException(
        "The catalog cannot be used: " + failure.getMessage(),
        "Check %s.store and its database, create its tables or set %s.create-tables, or let the application start without it by %s.fail-fast=false."
            .replace("%s", CatalogProperties.PREFIX),
        failure);
  }

  @Override
  public void stop() {
    bindings.values().forEach(CatalogBinding::dispose);
    bindings = Map.of();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // The flows do not stop in a pause either.
  @Override
  public boolean isPauseable() {
    return false;
  }

  /** It stops before the flows, and starts after clients and before servers. */
  @Override
  public int getPhase() {
    return ClosingLifecycle.FLOWS + 256;
  }
}
