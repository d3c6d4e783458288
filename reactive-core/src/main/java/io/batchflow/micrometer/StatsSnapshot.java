package io.batchflow.micrometer;

import io.batchflow.Schema;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.ConnectionStats;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.TableStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of a flow at one moment, grouped by table tag. Immutable.
 *
 * @param takenAt the time in nanoseconds
 * @param flow the statistics of the whole flow
 * @param tables the counts for each tag value
 * @param states the state of the tables of each tag value
 * @param remembered the named tables in the flow's statistics
 * @param forgotten counts of named tables that the flow no longer remembers
 */
record StatsSnapshot(
    long takenAt,
    FlowStats flow,
    FlowHealth.Status health,
    Map<String, TableCounts> tables,
    Map<String, TableState> states,
    Map<Schema, TableStats> remembered,
    Map<String, TableCounts> forgotten) {

  private static final FlowStats NO_FLOW =
      new FlowStats(
          TableCounts.NONE.ledger(),
          0,
          0,
          Duration.ZERO,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          ConnectionStats.NONE,
          Duration.ZERO,
          List.of());

  static StatsSnapshot empty(long takenAt) {
    return new StatsSnapshot(
        takenAt, NO_FLOW, FlowHealth.Status.UP, Map.of(), Map.of(), Map.of(), Map.of());
  }

  TableCounts of(String name) {
    return tables.getOrDefault(name, TableCounts.NONE);
  }

  TableState stateOf(String name) {
    return states.getOrDefault(name, TableState.NONE);
  }

  /** Returns the next snapshot. Counts of tables that the flow has forgotten are carried over. */
  StatsSnapshot next(FlowStats stats, FlowHealth.Status health, BoundedTagValues names, long now) {
    Map<String, TableCounts> sums = new HashMap<>();
    Map<Schema, TableStats> seen = new HashMap<>();
    Map<String, TableState> next = new HashMap<>();
    states.forEach((name, before) -> next.put(name, before.remembered()));
    Duration oldestOther = Duration.ZERO;
    boolean others = false;
    for (TableStats table : stats.tables()) {
      String name = names.of(table.schema().table());
      next.merge(name, TableState.of(table), TableState::plus);
      if (!name.equals(BoundedTagValues.OTHER)) {
        seen.put(table.schema(), table);
        sums.merge(name, TableCounts.of(table), TableCounts::plus);
      } else {
        others = true;
        Duration age = table.oldestAge();
        oldestOther = age.compareTo(oldestOther) > 0 ? age : oldestOther;
      }
    }
    Map<String, TableCounts> gone = forgotten(seen);
    gone.forEach((name, account) -> sums.merge(name, account, TableCounts::plus));
    TableCounts named = sums.values().stream().reduce(TableCounts.NONE, TableCounts::plus);
    TableCounts other =
        TableCounts.of(stats).without(named, oldestOther).notBelow(of(BoundedTagValues.OTHER));
    if (others || other.ledger().admitted() > 0) {
      sums.put(BoundedTagValues.OTHER, other);
    }
    return new StatsSnapshot(now, stats, health, sums, next, seen, gone);
  }

  private Map<String, TableCounts> forgotten(Map<Schema, TableStats> seen) {
    Map<String, TableCounts> gone = new HashMap<>(forgotten);
    remembered.forEach(
        (schema, before) -> {
          TableStats now = seen.get(schema);
          if (now == null || now.ledger().admitted() < before.ledger().admitted()) {
            gone.merge(schema.table(), TableCounts.of(before).counts(), TableCounts::plus);
          }
        });
    return gone;
  }
}
