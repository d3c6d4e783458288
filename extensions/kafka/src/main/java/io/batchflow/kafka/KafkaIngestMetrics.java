package io.batchflow.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Publishes {@link KafkaIngest#stats()} or {@link KafkaShareIngest#stats()} as meters of
 * Micrometer, with the tag {@code group}. Needs {@code micrometer-core}, which is an optional
 * dependency. Thread-safe. Close it when the ingest has ended, so that the next ingest of the group
 * can have the same meters.
 */
public final class KafkaIngestMetrics implements MeterBinder, AutoCloseable {

  private final Function<MeterRegistry, List<Meter>> meters;
  private final Queue<Runnable> removals = new ConcurrentLinkedQueue<>();

  private KafkaIngestMetrics(Function<MeterRegistry, List<Meter>> meters) {
    this.meters = meters;
  }

  /** Returns the meters of an ingest. {@link #bindTo} registers them. */
  public static KafkaIngestMetrics of(KafkaIngest ingest) {
    return new KafkaIngestMetrics(registry -> meters(registry, ingest));
  }

  /** Returns the meters of a member of a share group. {@link #bindTo} registers them. */
  public static KafkaIngestMetrics of(KafkaShareIngest ingest) {
    return new KafkaIngestMetrics(registry -> meters(registry, ingest));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Meter meter : meters.apply(registry)) {
      removals.add(() -> registry.remove(meter));
    }
  }

  private static List<Meter> meters(MeterRegistry registry, KafkaIngest ingest) {
    return List.of(
        gauge(registry, ingest, "partitions", "Partitions that are read", s -> s.partitions()),
        gauge(registry, ingest, "in.flight", "Records without an outcome", s -> s.inFlight()),
        gauge(registry, ingest, "lag", "Records that are not stored yet", s -> s.lag()),
        TimeGauge.builder(
                "batchflow.kafka.commit.age",
                ingest,
                TimeUnit.NANOSECONDS,
                each -> each.stats().commitAge().toNanos())
            .tag("group", ingest.group())
            .description("The time since offsets were committed, or nothing was left to commit")
            .register(registry),
        FunctionCounter.builder(
                "batchflow.kafka.dead.letters", ingest, each -> each.stats().deadLetters())
            .tag("group", ingest.group())
            .description("Records that could not be stored and were kept")
            .register(registry));
  }

  private static Meter gauge(
      MeterRegistry registry,
      KafkaIngest ingest,
      String name,
      String description,
      ToDoubleFunction<KafkaIngestStats> value) {
    return Gauge.builder(
            "batchflow.kafka." + name, ingest, each -> value.applyAsDouble(each.stats()))
        .tag("group", ingest.group())
        .description(description)
        .register(registry);
  }

  private static List<Meter> meters(MeterRegistry registry, KafkaShareIngest ingest) {
    return List.of(
        Gauge.builder("batchflow.kafka.in.flight", ingest, each -> each.stats().inFlight())
            .tag("group", ingest.group())
            .description("Records without an outcome")
            .register(registry),
        acknowledged(registry, ingest, "accept", KafkaShareIngestStats::accepted),
        acknowledged(registry, ingest, "reject", KafkaShareIngestStats::rejected),
        acknowledged(registry, ingest, "release", KafkaShareIngestStats::released));
  }

  private static Meter acknowledged(
      MeterRegistry registry,
      KafkaShareIngest ingest,
      String type,
      ToDoubleFunction<KafkaShareIngestStats> value) {
    return FunctionCounter.builder(
            "batchflow.kafka.acknowledged", ingest, each -> value.applyAsDouble(each.stats()))
        .tag("group", ingest.group())
        .tag("type", type)
        .description("Records that were acknowledged, by the type of the acknowledgement")
        .register(registry);
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
