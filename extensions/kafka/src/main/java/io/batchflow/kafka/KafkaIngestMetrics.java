package io.batchflow.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Publishes {@link KafkaIngest#stats()} as meters of Micrometer, with the tag {@code group}. Needs
 * {@code micrometer-core}, which is an optional dependency. Thread-safe. Close it when the ingest
 * has ended, so that the next ingest of the group can have the same meters.
 */
public final class KafkaIngestMetrics implements MeterBinder, AutoCloseable {

  private final KafkaIngest ingest;
  private final Queue<Runnable> removals = new ConcurrentLinkedQueue<>();

  private KafkaIngestMetrics(KafkaIngest ingest) {
    this.ingest = ingest;
  }

  /** Returns the meters of an ingest. {@link #bindTo} registers them. */
  public static KafkaIngestMetrics of(KafkaIngest ingest) {
    return new KafkaIngestMetrics(ingest);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "partitions", "Partitions that are read", KafkaIngestStats::partitions);
    gauge(registry, "in.flight", "Records without an outcome", KafkaIngestStats::inFlight);
    gauge(registry, "lag", "Records that are not stored yet", KafkaIngestStats::lag);
    Tags tags = Tags.of("group", ingest.group());
    keep(
        registry,
        TimeGauge.builder(
                "batchflow.kafka.commit.age",
                ingest,
                TimeUnit.NANOSECONDS,
                each -> each.stats().commitAge().toNanos())
            .tags(tags)
            .description("The time since offsets were committed, or nothing was left to commit")
            .register(registry));
    keep(
        registry,
        FunctionCounter.builder(
                "batchflow.kafka.dead.letters", ingest, each -> each.stats().deadLetters())
            .tags(tags)
            .description("Records that could not be stored and were kept")
            .register(registry));
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<KafkaIngestStats> value) {
    keep(
        registry,
        Gauge.builder("batchflow.kafka." + name, ingest, each -> value.applyAsDouble(each.stats()))
            .tag("group", ingest.group())
            .description(description)
            .register(registry));
  }

  private void keep(MeterRegistry registry, Meter meter) {
    removals.add(() -> registry.remove(meter));
  }

  /** Removes the meters. */
  @Override
  public void close() {
    Runnable removal;
    while ((removal = removals.poll()) != null) {
      removal.run();
    }
  }
}
