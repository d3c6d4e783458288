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
 * A flow at one moment, by the names that tables have in tags. Immutable.
 *
 * @param takenAt the clock's nanoseconds
 * @param flow what concerns no table
 * @param tables what each name stands for
 * @param remembered the named tables as the flow told of them
 * @param forgotten counts of named tables that the flow has since forgotten, and may meet again
 */
record View(
    long takenAt,
    FlowStats flow,
    FlowHealth.Status health,
    Map<String, Account> tables,
    Map<Schema, TableStats> remembered,
    Map<String, Account> forgotten) {

  private static final FlowStats NO_FLOW =
      new FlowStats(
          Account.NONE.ledger(),
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

  static View empty(long takenAt) {
    return new View(takenAt, NO_FLOW, FlowHealth.Status.UP, Map.of(), Map.of(), Map.of());
  }

  Account of(String name) {
    return tables.getOrDefault(name, Account.NONE);
  }

  /** The view after this one; counts go on where tables were forgotten in between. */
  View next(FlowStats stats, FlowHealth.Status health, Names names, long now) {
    Map<String, Account> sums = new HashMap<>();
    Map<Schema, TableStats> seen = new HashMap<>();
    Duration oldestOther = Duration.ZERO;
    boolean others = false;
    for (TableStats table : stats.tables()) {
      String name = names.of(table.schema().table());
      if (!name.equals(Names.OTHER)) {
        seen.put(table.schema(), table);
        sums.merge(name, Account.of(table), Account::plus);
      } else {
        others = true;
        Duration age = table.oldestAge();
        oldestOther = age.compareTo(oldestOther) > 0 ? age : oldestOther;
      }
    }
    Map<String, Account> gone = forgotten(seen);
    gone.forEach((name, account) -> sums.merge(name, account, Account::plus));
    Account named = sums.values().stream().reduce(Account.NONE, Account::plus);
    Account other = Account.of(stats).without(named, oldestOther).notBelow(of(Names.OTHER));
    if (others || other.ledger().admitted() > 0) {
      sums.put(Names.OTHER, other);
    }
    return new View(now, stats, health, sums, seen, gone);
  }

  private Map<String, Account> forgotten(Map<Schema, TableStats> seen) {
    Map<String, Account> gone = new HashMap<>(forgotten);
    remembered.forEach(
        (schema, before) -> {
          TableStats now = seen.get(schema);
          if (now == null || now.ledger().admitted() < before.ledger().admitted()) {
            gone.merge(schema.table(), Account.of(before).counts(), Account::plus);
          }
        });
    return gone;
  }
}
