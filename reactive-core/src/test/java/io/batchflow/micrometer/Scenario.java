package io.batchflow.micrometer;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A flow in virtual time, bound to a registry. Every reading is up to date. */
final class Scenario {

  static final Schema EVENTS = table("events");
  static final Schema UPSERTS =
      Schema.table("upserts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final RecordingWriter writer = RecordingWriter.create();
  final SimpleMeterRegistry registry =
      new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());

  BatchFlow.Builder flow(BatchPolicy.Builder policy) {
    FlowMetrics metrics = FlowMetrics.builder("orders").freshness(Duration.ZERO).build();
    metrics.bindTo(registry);
    return flow(policy, metrics);
  }

  BatchFlow.Builder flow(BatchPolicy.Builder policy, FlowMetrics metrics) {
    return BatchFlow.builder(writer)
        .listener(metrics)
        .scheduler(time)
        .defaultPolicy(policy.build());
  }

  /** Windows that close only because of their size or an action of the test. */
  static BatchPolicy.Builder batchesOf(int rows) {
    return BatchPolicy.builder().maxSize(rows).maxDelay(Duration.ofHours(20)).lingerWhenIdle(true);
  }

  static Schema table(String name) {
    return Schema.table(name).columns("id", "value").build();
  }

  static Row event(long id, String value) {
    return EVENTS.row().set("id", id).set("value", value);
  }

  /** Ignores the outcome, which the meters show. */
  static <T> Disposable submit(Mono<T> mono) {
    return mono.onErrorComplete().subscribe();
  }

  void pass(int seconds) {
    time.advanceTimeBy(Duration.ofSeconds(seconds));
  }

  List<String> all() {
    return Meters.all(registry);
  }

  List<String> moved() {
    Meters.all(registry); // only a reading finds a table without a sealed batch
    return Meters.moved(registry);
  }
}
