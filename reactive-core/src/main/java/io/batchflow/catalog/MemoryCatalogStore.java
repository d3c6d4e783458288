package io.batchflow.catalog;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores a catalog in the memory of this process: for tests, and for a single process that creates
 * its tables when it starts. Thread-safe.
 */
public final class MemoryCatalogStore implements CatalogStore {

  /** Immutable. */
  private record State(long generation, SortedMap<String, TableInfo> tables) {

    State with(TableInfo table) {
      SortedMap<String, TableInfo> more = new TreeMap<>(tables);
      more.put(table.name(), table.withGeneration(generation + 1));
      return new State(generation + 1, more);
    }

    State without(String name) {
      SortedMap<String, TableInfo> fewer = new TreeMap<>(tables);
      fewer.remove(name);
      return new State(generation + 1, fewer);
    }

    boolean has(TableInfo table) {
      TableInfo present = tables.get(table.name());
      return present != null && present.generation() == table.generation();
    }
  }

  private final AtomicReference<State> state =
      new AtomicReference<>(new State(0, new TreeMap<>(Map.of())));
  private final Hints hints = new Hints();

  private MemoryCatalogStore() {}

  /** Creates a store without tables. */
  public static MemoryCatalogStore create() {
    return new MemoryCatalogStore();
  }

  private State now() {
    return Objects.requireNonNull(state.get());
  }

  @Override
  public Mono<Long> generation() {
    return Mono.fromCallable(() -> now().generation());
  }

  @Override
  public Flux<TableInfo> tables() {
    return Flux.defer(() -> Flux.fromIterable(now().tables().values()));
  }

  @Override
  public Mono<TableInfo> find(String name) {
    return Mono.fromCallable(() -> now().tables().get(name));
  }

  @Override
  public Mono<TableInfo> insert(TableInfo table, int maxTables) {
    return changed(
            before -> {
              if (before.tables().containsKey(table.name())) {
                return null;
              }
              if (before.tables().size() >= maxTables) {
                throw new CatalogFullException(table.name(), maxTables);
              }
              return before.with(table);
            })
        .map(after -> table.withGeneration(after.generation()));
  }

  @Override
  public Mono<TableInfo> replace(TableInfo table) {
    return changed(before -> before.has(table) ? before.with(table) : null)
        .map(after -> table.withGeneration(after.generation()));
  }

  @Override
  public Mono<Boolean> remove(TableInfo table) {
    return changed(before -> before.has(table) ? before.without(table.name()) : null).hasElement();
  }

  /** Returns the state after a change; empty if the change returns null. */
  private Mono<State> changed(UnaryOperator<@Nullable State> change) {
    return Mono.fromCallable(
        () -> {
          while (true) {
            State before = now();
            State after = change.apply(before);
            if (after == null) {
              return null;
            }
            if (state.compareAndSet(before, after)) {
              hints.changed();
              return after;
            }
          }
        });
  }

  @Override
  public Flux<?> hints() {
    return hints.asFlux();
  }

  @Override
  public String toString() {
    return "MemoryCatalogStore";
  }
}
