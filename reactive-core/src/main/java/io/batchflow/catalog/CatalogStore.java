package io.batchflow.catalog;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores the tables of a {@link TableCatalog}. Several processes may share a store.
 *
 * <p>Each change has a generation, which is larger than those of all changes before. A reader that
 * sees a generation also sees every change up to it. Implementations are thread-safe, never block,
 * and do nothing before they are subscribed.
 */
public interface CatalogStore {

  /**
   * Returns the generation of the last change; 0 if there was none. It is asked about twice a
   * second by each process, so it should be cheap.
   */
  Mono<Long> generation();

  /** Returns all tables, by name, as they were at one time. */
  Flux<TableInfo> tables();

  /** Returns a table; empty if there is none of this name. Names differ by case. */
  Mono<TableInfo> find(String name);

  /**
   * Adds a table, whose generation does not count.
   *
   * @param maxTables the most tables that the store may have then
   * @return the table with the generation of this change; empty if there is one of this name. Fails
   *     with {@link CatalogFullException} if there are too many
   */
  Mono<TableInfo> insert(TableInfo table, int maxTables);

  /**
   * Replaces a table, if it has the generation of the given one.
   *
   * @return the table with the generation of this change; empty if it has another generation, or
   *     does not exist
   */
  Mono<TableInfo> replace(TableInfo table);

  /**
   * Removes a table, if it has the generation of the given one.
   *
   * @return whether it was removed
   */
  Mono<Boolean> remove(TableInfo table);

  /**
   * Signals that something may have changed, for stores to which this is cheap. Others are asked
   * for their generation only. A lost signal delays a change, but loses none.
   */
  default Flux<?> hints() {
    return Flux.empty();
  }
}
