package io.batchflow.r2dbc.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of a {@link Retention} for Micrometer, with the tag {@code table}. The first 100 tables
 * have their own; the others share {@code table=other}. Thread-safe.
 */
public final class RetentionMetrics implements RetentionListener {

  private static final int MOST = 100;
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Map<String, TableMeters> tables = new ConcurrentHashMap<>();

  private RetentionMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns meters in a registry, for {@link Retention.Builder#listener}. */
  public static RetentionMetrics create(MeterRegistry registry) {
    return new RetentionMetrics(Objects.requireNonNull(registry, "registry"));
  }

  /** The meters of one table. */
  private static final class TableMeters {

    private final Counter rows;
    private final Timer batches;
    private final Counter partitions;
    private final Timer succeeded;
    private final Timer failed;
    private final AtomicLong lastSuccess = new AtomicLong();

    private TableMeters(MeterRegistry registry, String table) {
      this.rows =
          Counter.builder("batchflow.retention.rows")
              .description("Rows that were deleted")
              .baseUnit("rows")
              .tag("table", table)
              .register(registry);
      this.batches =
          Timer.builder("batchflow.retention.batches")
              .description("Transactions that deleted rows")
              .tag("table", table)
              .register(registry);
      this.partitions =
          Counter.builder("batchflow.retention.partitions")
              .description("Partitions that were dropped")
              .baseUnit("partitions")
              .tag("table", table)
              .register(registry);
      this.succeeded = runs(registry, table, "succeeded");
      this.failed = runs(registry, table, "failed");
      TimeGauge.builder(
              "batchflow.retention.last.success",
              lastSuccess,
              TimeUnit.MILLISECONDS,
              AtomicLong::get)
          .description("When a run last succeeded, since 1970; 0 if none has")
          .tag("table", table)
          .register(registry);
    }

    private static Timer runs(MeterRegistry registry, String table, String outcome) {
      return Timer.builder("batchflow.retention.runs")
          .description("Runs that have ended")
          .tag("table", table)
          .tag("outcome", outcome)
          .register(registry);
    }
  }

  private TableMeters of(String table) {
    String tag = tables.containsKey(table) || tables.size() < MOST ? table : OTHER;
    return tables.computeIfAbsent(tag, name -> new TableMeters(registry, name));
  }

  @Override
  public void onBatch(String table, long rows, Duration took) {
    TableMeters meters = of(table);
    meters.rows.increment((double) rows);
    meters.batches.record(took);
  }

  @Override
  public void onPartitionDropped(String table) {
    of(table).partitions.increment();
  }

  @Override
  public void onRun(RetentionRun run) {
    TableMeters meters = of(run.table());
    if (run.failure() == null) {
      meters.succeeded.record(run.took());
      meters.lastSuccess.set(registry.config().clock().wallTime());
    } else {
      meters.failed.record(run.took());
    }
  }
}
