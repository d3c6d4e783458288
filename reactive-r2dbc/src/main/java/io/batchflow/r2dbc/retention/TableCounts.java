package io.batchflow.r2dbc.retention;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what has been done with each table, and tells the listener. Thread-safe. */
final class TableCounts implements RetentionListener {

  private final RetentionListener listener;
  private final Map<String, RetentionStats> tables = new ConcurrentHashMap<>();

  TableCounts(RetentionListener listener) {
    this.listener = listener;
  }

  @Override
  public void onBatch(String table, long rows, Duration took) {
    add(new RetentionStats(table, 0, 0, rows, 1, 0, null));
    listener.onBatch(table, rows, took);
  }

  @Override
  public void onPartitionDropped(String table) {
    add(new RetentionStats(table, 0, 0, 0, 0, 1, null));
    listener.onPartitionDropped(table);
  }

  @Override
  public void onRun(RetentionRun run) {
    add(new RetentionStats(run.table(), 1, run.failure() == null ? 0 : 1, 0, 0, 0, run));
    listener.onRun(run);
  }

  @Override
  public void onRulesFailed(Throwable failure) {
    listener.onRulesFailed(failure);
  }

  private void add(RetentionStats more) {
    tables.merge(
        more.table(),
        more,
        (before, now) ->
            new RetentionStats(
                before.table(),
                before.runs() + now.runs(),
                before.failures() + now.failures(),
                before.deletedRows() + now.deletedRows(),
                before.batches() + now.batches(),
                before.droppedPartitions() + now.droppedPartitions(),
                now.lastRun() == null ? before.lastRun() : now.lastRun()));
  }

  List<RetentionStats> stats() {
    return tables.values().stream().sorted(Comparator.comparing(RetentionStats::table)).toList();
  }
}
