package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.micrometer.TuningMetrics;
import io.batchflow.test.RecordingWriter;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.Tuning;
import io.batchflow.tuning.TuningState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of self-tuning in docs/tuning.md. */
class SelfTuningExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private record Tuned(BatchFlow flow, SelfTuner tuner) {}

  private static Tuned tuned(BatchWriter writer) {
    SelfTuner tuner = SelfTuner.of("orders", "events");
    BatchFlow flow = BatchFlow.builder(writer).listener(tuner).build();
    tuner.start(flow);
    return new Tuned(flow, tuner);
  }

  private static SelfTuner.Builder bounded() {
    return SelfTuner.builder()
        .table(
            "orders",
            Tuning.builder()
                .rows(50, 2_000)
                .maxBytes(1L << 20)
                .slots(1, 3)
                .latencyTarget(Duration.ofMillis(100))
                .build())
        .table("events", Tuning.defaults());
  }

  private static SelfTuner resumed(List<TuningState> found) {
    return SelfTuner.builder().table("orders", Tuning.defaults()).resume(found).build();
  }

  private static TuningMetrics gauges(SelfTuner tuner, MeterRegistry registry) {
    TuningMetrics gauges = TuningMetrics.create("orders", tuner);
    gauges.bindTo(registry);
    return gauges;
  }

  @Test
  void aTunerStartsWhereAnEarlierOneEnded() {
    Tuned first = tuned(RecordingWriter.create());
    first.flow().submit(ORDERS.row().set("id", 1L)).block();
    List<TuningState> found = first.tuner().states();
    first.tuner().dispose();
    first.flow().close().block();

    SelfTuner next = resumed(found);
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).listener(next).build();
    next.start(flow);

    assertThat(found).extracting(TuningState::table).containsExactly("orders", "events");
    assertThat(next.states()).isEqualTo(found.subList(0, 1));
    next.dispose();
    flow.close().block();
  }

  @Test
  void gaugesShowWhatWasFound() {
    MeterRegistry registry = new SimpleMeterRegistry();
    SelfTuner tuner = bounded().build();
    TuningMetrics gauges = gauges(tuner, registry);
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).listener(tuner).build();

    tuner.start(flow);

    assertThat(registry.get("batchflow.tuning.rows").tag("table", "orders").gauge().value())
        .isEqualTo(1_000);
    assertThat(registry.get("batchflow.tuning.slots").tag("table", "orders").gauge().value())
        .isEqualTo(3);
    gauges.close();
    assertThat(registry.getMeters()).isEmpty();
    tuner.dispose();
    flow.close().block();
  }
}
