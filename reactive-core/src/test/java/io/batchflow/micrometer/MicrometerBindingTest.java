package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How meters are registered, what they publish, and how they are removed. */
class MicrometerBindingTest {

  private final Scenario run = new Scenario();

  private static FlowMetrics.Builder fresh() {
    return FlowMetrics.builder("orders").freshness(Duration.ZERO);
  }

  private void writeTwo(BatchFlow flow) {
    submit(flow.submit(event(1, "a")));
    run.pass(1);
    submit(flow.submit(event(2, "b")));
    run.pass(1);
  }

  private double admitted() {
    return run.registry.get("batchflow.admitted").functionCounter().count();
  }

  @Test
  void aRegistryBoundLateKnowsAllCounts() {
    FlowMetrics metrics = fresh().build();
    writeTwo(run.flow(batchesOf(2), metrics).build());

    metrics.bindTo(run.registry);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.ended{flow=orders outcome=written table=events} count 2 submissions");
  }

  @Test
  void everyRegistryIsToldTheSame() {
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    FlowMetrics metrics = fresh().build();
    metrics.bindTo(run.registry);
    metrics.bindTo(second);

    writeTwo(run.flow(batchesOf(2), metrics).build());

    assertThat(run.all()).hasSize(51).isEqualTo(Meters.all(second));
  }

  @Test
  void closingTakesTheMetersOfThisFlowAlone() {
    FlowMetrics metrics = fresh().build();
    metrics.bindTo(run.registry);
    FlowMetrics others = FlowMetrics.create("others");
    others.bindTo(run.registry);
    BatchFlow flow = run.flow(batchesOf(2), metrics).build();
    writeTwo(flow);

    metrics.close();
    metrics.close();
    writeTwo(flow);

    assertThat(run.all())
        .containsExactly(
            "batchflow.awaiting.connection{flow=others} 0 batches",
            "batchflow.capacity{flow=others} 0 rows",
            "batchflow.concurrency{flow=others} 0 batches",
            "batchflow.connections{flow=others state=idle} 0 connections",
            "batchflow.connections{flow=others state=in_use} 0 connections",
            "batchflow.dead.letters{flow=others outcome=kept} count 0 rows",
            "batchflow.dead.letters{flow=others outcome=lost} count 0 rows",
            "batchflow.health{flow=others} 0 status",
            "batchflow.longest.wait{flow=others} 0 seconds",
            "batchflow.max.connections{flow=others} 0 connections",
            "batchflow.waiting{flow=others} 0 submissions",
            "batchflow.writes{flow=others} 0 batches");
  }

  @Test
  void withALaterFlowTheCountsBeginAnew() {
    FlowMetrics metrics = fresh().build();
    metrics.bindTo(run.registry);
    writeTwo(run.flow(batchesOf(2), metrics).build());
    assertThat(admitted()).isEqualTo(2);

    BatchFlow later = run.flow(batchesOf(2), metrics).build();
    assertThat(admitted()).isZero();
    writeTwo(later);

    assertThat(admitted()).isEqualTo(2);
    assertThat(run.registry.get("batchflow.batch.size").summary().count()).isEqualTo(2);
  }

  @Test
  void oneSnapshotServesAWholeReading() {
    FlowMetrics metrics = FlowMetrics.builder("orders").freshness(Duration.ofHours(1)).build();
    BatchFlow flow = run.flow(batchesOf(2), metrics).build();
    submit(flow.submit(event(1, "a")));
    run.pass(1);
    metrics.bindTo(run.registry);
    assertThat(admitted()).isEqualTo(1);

    submit(flow.submit(event(2, "b")));
    run.pass(1);

    assertThat(flow.stats().ledger().admitted()).isEqualTo(2);
    assertThat(admitted()).isEqualTo(1);
  }

  @Test
  void everyMeterIsDescribed() {
    FlowMetrics metrics = fresh().build();
    metrics.bindTo(run.registry);
    writeTwo(run.flow(batchesOf(2), metrics).build());

    assertThat(run.registry.getMeters())
        .hasSize(51)
        .extracting(Meter::getId)
        .allSatisfy(id -> assertThat(id.getDescription()).isNotBlank())
        .allSatisfy(id -> assertThat(id.getBaseUnit()).isNotBlank());
  }

  @Test
  void objectivesAreBucketsOfEveryTimer() {
    FlowMetrics metrics =
        fresh().serviceLevelObjectives(Duration.ofMillis(500), Duration.ofSeconds(5)).build();
    metrics.bindTo(run.registry);
    writeTwo(run.flow(batchesOf(2), metrics).build());

    for (String name : new String[] {"queue", "durable"}) {
      Timer timer = run.registry.get("batchflow." + name + ".time").timer();
      CountAtBucket[] buckets = timer.takeSnapshot().histogramCounts();
      assertThat(Arrays.stream(buckets).map(bucket -> bucket.bucket(TimeUnit.SECONDS)))
          .containsExactly(0.5, 5.0);
      assertThat(Arrays.stream(buckets).map(CountAtBucket::count)).containsExactly(0.0, 1.0);
    }
    Timer write = run.registry.get("batchflow.write.time").tag("outcome", "written").timer();
    assertThat(Arrays.stream(write.takeSnapshot().histogramCounts()).map(CountAtBucket::count))
        .containsExactly(1.0, 1.0);
  }

  @Test
  void impossibleOptionsAreRejected() {
    assertThatThrownBy(() -> FlowMetrics.create(" "))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("flow");
    assertThatThrownBy(() -> FlowMetrics.builder("a").maxTables(-1))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxTables");
    assertThatThrownBy(() -> FlowMetrics.builder("a").maxTables(10_001))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxTables");
    assertThatThrownBy(() -> FlowMetrics.builder("a").serviceLevelObjectives(Duration.ZERO))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("serviceLevelObjectives");
  }
}
