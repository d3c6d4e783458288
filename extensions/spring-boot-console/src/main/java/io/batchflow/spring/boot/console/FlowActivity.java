package io.batchflow.spring.boot.console;

import io.batchflow.Batch;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** What one flow did. Counts grow; latencies are those since they were last read. Thread-safe. */
final class FlowActivity implements BatchListener {

  /** As many as a flow remembers. */
  private static final int MOST_TABLES = 4_096;

  private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

  private final Recorder durable = new Recorder(LONGEST_MICROS, 2);
  private final LongAdder rows = new LongAdder();
  private final Map<SealReason, LongAdder> seals = new EnumMap<>(SealReason.class);
  private final Map<String, Writes> tables = new ConcurrentHashMap<>();

  FlowActivity() {
    for (SealReason reason : SealReason.values()) {
      seals.put(reason, new LongAdder());
    }
  }

  @Override
  public void onSealed(Schema schema, int sealed, SealReason reason, Duration oldest) {
    rows.add(sealed);
    Objects.requireNonNull(seals.get(reason)).increment();
  }

  @Override
  public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
    String table = batch.schema().table();
    Writes writes = tables.get(table);
    if (writes == null && tables.size() < MOST_TABLES) {
      writes = tables.computeIfAbsent(table, name -> new Writes(new LongAdder(), new LongAdder()));
    }
    if (writes != null) {
      writes.count.increment();
      writes.micros.add(micros(took));
    }
  }

  @Override
  public void onDurable(Schema schema, int written, Duration longest) {
    durable.recordValueWithCount(Math.min(micros(longest), LONGEST_MICROS), written);
  }

  private static long micros(Duration time) {
    return TimeUnit.NANOSECONDS.toMicros(time.toNanos());
  }

  /** Returns how many rows all batches had. */
  long rows() {
    return rows.sum();
  }

  /** Returns how many batches closed for each reason. */
  Map<SealReason, Long> seals() {
    Map<SealReason, Long> counts = new EnumMap<>(SealReason.class);
    seals.forEach((reason, count) -> counts.put(reason, count.sum()));
    return counts;
  }

  /** Returns how many batches of a table were written, and how long that took in all. */
  Written written(String table) {
    Writes writes = tables.get(table);
    return writes == null
        ? new Written(0, 0)
        : new Written(writes.count.sum(), writes.micros.sum());
  }

  /** Returns the latencies since the last call, or null if there were none. */
  @Nullable Latencies latencies() {
    Histogram interval = durable.getIntervalHistogram();
    return interval.getTotalCount() == 0
        ? null
        : new Latencies(
            interval.getValueAtPercentile(50) / 1_000.0,
            interval.getValueAtPercentile(99) / 1_000.0);
  }

  /** Writes of one table so far. */
  record Written(long batches, long micros) {}

  /** Times from a submission to its outcome, in milliseconds; each row counts as its batch. */
  record Latencies(double p50Millis, double p99Millis) {}

  private record Writes(LongAdder count, LongAdder micros) {}
}
