package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import io.batchflow.stats.TableStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of a catalog, and what a flow does with it. Immutable. Only the library should construct
 * it: components may be added.
 *
 * @param table the table in the catalog
 * @param settings its settings with the defaults of the catalog
 * @param policy the policy by which the flow writes its rows
 * @param paused whether the flow holds its rows
 * @param stats the statistics of the flow, for each schema of the table that it remembers
 * @param failure why the flow could not do the last change of the table; null if it could
 */
public record TableDescription(
    TableInfo table,
    TableSettings settings,
    BatchPolicy policy,
    boolean paused,
    List<TableStats> stats,
    @Nullable Throwable failure) {

  /** Copies the list. */
  public TableDescription {
    stats = List.copyOf(stats);
  }
}
