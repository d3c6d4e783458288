package io.batchflow.kafka.connect;

import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** What a task counts. Connect publishes it, since 4.1, beside its own metrics of the task. */
final class TaskMetrics {

  final AtomicLong stored = new AtomicLong();
  final AtomicLong errant = new AtomicLong();

  /** Records without an outcome. */
  final AtomicInteger open = new AtomicInteger();

  void publish(SinkTaskContext context) {
    PluginMetrics metrics = metrics(context);
    if (metrics != null) {
      add(metrics, "records-stored-total", "Records whose rows are stored", stored);
      add(metrics, "records-errant-total", "Records that could not be stored", errant);
      add(metrics, "records-in-flight", "Records that have no outcome yet", open);
    }
  }

  private static @Nullable PluginMetrics metrics(SinkTaskContext context) {
    try {
      return context.pluginMetrics();
    } catch (LinkageError older) {
      return null; // a worker of Kafka 4.0
    }
  }

  private static void add(PluginMetrics metrics, String name, String meaning, Number count) {
    Gauge<Long> gauge = (config, now) -> count.longValue();
    metrics.addMetric(metrics.metricName(name, meaning, new LinkedHashMap<>()), gauge);
  }
}
