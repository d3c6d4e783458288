package io.batchflow.spring.boot.console;

import io.batchflow.BatchPolicy;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.TableStats;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One table on the page, with all its schemas. Times are in milliseconds.
 *
 * @param writes how many batches were written; zero if the flow was not auto-configured
 * @param writeMicros how long all of them took
 * @param concurrency null if the slots of the flow are the only limit
 */
record TableSnapshot(
    String table,
    boolean paused,
    boolean failing,
    long pending,
    double rowsPerSecond,
    long oldestAgeMillis,
    long writes,
    long writeMicros,
    int maxSize,
    long maxDelayMillis,
    @Nullable Integer concurrency,
    @Nullable String lastError) {

  /** Each second may change all of them, and each page gets them. */
  static final int MOST = 50;

  private static final Comparator<TableSnapshot> ATTENTION =
      Comparator.comparing(TableSnapshot::failing)
          .thenComparing(TableSnapshot::paused)
          .thenComparing(TableSnapshot::pending)
          .thenComparing(TableSnapshot::rowsPerSecond)
          .reversed()
          .thenComparing(TableSnapshot::table);

  /** Returns all tables, those that need attention first. */
  static List<TableSnapshot> of(
      List<TableStats> schemas, FlowHealth health, @Nullable FlowActivity activity) {
    return schemas.stream()
        .collect(Collectors.groupingBy(stats -> stats.schema().table()))
        .entrySet()
        .stream()
        .map(entry -> of(entry.getKey(), entry.getValue(), health, activity))
        .sorted(ATTENTION)
        .toList();
  }

  private static TableSnapshot of(
      String table, List<TableStats> schemas, FlowHealth health, @Nullable FlowActivity activity) {
    BatchPolicy policy = schemas.get(0).policy();
    FlowActivity.Written written =
        activity == null ? new FlowActivity.Written(0, 0) : activity.written(table);
    return new TableSnapshot(
        table,
        schemas.get(0).paused(),
        health.failingTables().containsKey(table),
        schemas.stream().mapToLong(stats -> stats.ledger().pending()).sum(),
        schemas.stream().mapToDouble(TableStats::rowsPerSecond).sum(),
        schemas.stream().mapToLong(stats -> stats.oldestAge().toMillis()).max().orElse(0),
        written.batches(),
        written.micros(),
        policy.maxSize(),
        policy.maxDelay().toMillis(),
        policy.concurrency() == Integer.MAX_VALUE ? null : policy.concurrency(),
        schemas.stream()
            .map(TableStats::lastError)
            .filter(error -> error != null)
            .map(error -> error.type())
            .findFirst()
            .orElse(null));
  }
}
