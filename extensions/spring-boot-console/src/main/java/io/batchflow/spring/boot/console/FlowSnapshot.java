package io.batchflow.spring.boot.console;

import io.batchflow.FlowView;
import io.batchflow.SealReason;
import io.batchflow.health.FlowHealth;
import io.batchflow.spring.boot.actuate.RecentErrors;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One flow on the page. Counts are those since its start, and times are in milliseconds. Holds no
 * values of rows.
 *
 * @param advice what to do about each reason of the health
 * @param activity what a listener saw; null if the flow was not auto-configured
 * @param tables those that need attention most, up to {@link TableSnapshot#MOST}, by their names
 * @param moreTables how many are left out
 */
record FlowSnapshot(
    FlowHealth.Status status,
    Map<FlowHealth.Reason, String> advice,
    Ledger ledger,
    long pending,
    long capacity,
    long waiting,
    long writing,
    long concurrency,
    long turnedAway,
    long batches,
    long oldestAgeMillis,
    @Nullable Activity activity,
    Map<String, TableSnapshot> tables,
    long moreTables,
    List<RecentErrors.RecentError> lastErrors) {

  static FlowSnapshot of(
      FlowView flow, @Nullable FlowActivity activity, List<RecentErrors.RecentError> lastErrors) {
    FlowStats stats = flow.stats();
    FlowHealth health = flow.health();
    List<TableSnapshot> tables = TableSnapshot.of(stats.tables(), health, activity);
    return new FlowSnapshot(
        health.status(),
        Advice.on(health.reasons()),
        stats.ledger(),
        stats.ledger().pending(),
        stats.capacity(),
        stats.waiting(),
        stats.writing(),
        stats.concurrency(),
        stats.turnedAway(),
        stats.batches(),
        stats.oldestAge().toMillis(),
        activity == null ? null : Activity.of(activity),
        byName(tables.stream().limit(TableSnapshot.MOST)),
        Math.max(0, tables.size() - TableSnapshot.MOST),
        lastErrors);
  }

  /** By their names, a table that changes does not bring the others along. */
  private static Map<String, TableSnapshot> byName(Stream<TableSnapshot> tables) {
    Map<String, TableSnapshot> byName = new LinkedHashMap<>();
    tables.forEach(table -> byName.put(table.table(), table));
    return byName;
  }

  /** What a listener saw. */
  record Activity(
      long rows, Map<SealReason, Long> seals, FlowActivity.@Nullable Latencies latencies) {

    static Activity of(FlowActivity activity) {
      return new Activity(activity.rows(), activity.seals(), activity.latencies());
    }
  }
}
