package io.batchflow.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Registers meters with common tags and removes them together. */
final class Registrar {

  private final MeterRegistry registry;
  private final Histograms histograms;
  private final Tags tags;
  private final Registered registered;

  /** The meters of a registrar and all registrars derived from it. */
  private static final class Registered {

    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
    private volatile boolean removed;
  }

  Registrar(MeterRegistry registry, Histograms histograms, Tags tags) {
    this(registry, histograms, tags, new Registered());
  }

  private Registrar(
      MeterRegistry registry, Histograms histograms, Tags tags, Registered registered) {
    this.registry = registry;
    this.histograms = histograms;
    this.tags = tags;
    this.registered = registered;
  }

  /** Returns a registrar with one more tag. Its meters are removed together with the others. */
  Registrar with(String key, String value) {
    return new Registrar(registry, histograms, tags.and(key, value), registered);
  }

  /** Removes the meters, also those that a write in flight registers later. */
  void removeAll() {
    registered.removed = true;
    Meter meter;
    while ((meter = registered.meters.poll()) != null) {
      registry.remove(meter);
    }
  }

  Counter counter(String name, String unit, String description) {
    return kept(
        Counter.builder(name)
            .tags(tags)
            .baseUnit(unit)
            .description(description)
            .register(registry));
  }

  /** Registers a count that is kept elsewhere. */
  <T> void counter(
      String name, String unit, String description, T source, ToDoubleFunction<T> count) {
    kept(
        FunctionCounter.builder(name, source, count)
            .tags(tags)
            .baseUnit(unit)
            .description(description)
            .register(registry));
  }

  <T> void gauge(
      String name, String unit, String description, T source, ToDoubleFunction<T> value) {
    kept(
        Gauge.builder(name, source, value)
            .tags(tags)
            .baseUnit(unit)
            .description(description)
            .register(registry));
  }

  <T> void nanosGauge(String name, String description, T source, ToDoubleFunction<T> nanos) {
    kept(
        TimeGauge.builder(name, source, TimeUnit.NANOSECONDS, nanos)
            .tags(tags)
            .description(description)
            .register(registry));
  }

  Timer timer(String name, String description) {
    return kept(
        Timer.builder(name)
            .tags(tags)
            .description(description)
            .publishPercentileHistogram(histograms.percentiles())
            .serviceLevelObjectives(histograms.objectives().toArray(Duration[]::new))
            .register(registry));
  }

  /**
   * @param most the highest bucket for percentiles; values may exceed it
   */
  DistributionSummary summary(String name, String unit, String description, double most) {
    return kept(
        DistributionSummary.builder(name)
            .tags(tags)
            .baseUnit(unit)
            .description(description)
            .publishPercentileHistogram(histograms.percentiles())
            .minimumExpectedValue(1.0)
            .maximumExpectedValue(most)
            .register(registry));
  }

  private <M extends Meter> M kept(M meter) {
    registered.meters.add(meter);
    if (registered.removed) {
      removeAll();
    }
    return meter;
  }
}
