package io.batchflow.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.test.RecordingWriter;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.Tuning;
import io.batchflow.tuning.TuningState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The gauges of self-tuning. */
class TuningMetricsTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SelfTuner tuner =
      SelfTuner.builder()
          .scheduler(time)
          .table("events", Tuning.defaults())
          .table("new", Tuning.defaults())
          .resume(List.of(new TuningState("events", 450, 3, 5e7, 1e6)))
          .build();

  @Test
  void theyShowTheFitAndWhatFollows() {
    TuningMetrics.create("orders", tuner).bindTo(registry);
    BatchFlow flow =
        BatchFlow.builder(RecordingWriter.create()).scheduler(time).listener(tuner).build();

    tuner.start(flow);

    assertThat(Meters.all(registry))
        .containsExactly(
            "batchflow.tuning.fixed{flow=orders table=events} 0.05 seconds",
            "batchflow.tuning.fixed{flow=orders table=new} NaN seconds",
            "batchflow.tuning.per.row{flow=orders table=events} 0.001 seconds",
            "batchflow.tuning.per.row{flow=orders table=new} NaN seconds",
            "batchflow.tuning.rows{flow=orders table=events} 450 rows",
            "batchflow.tuning.rows{flow=orders table=new} 1000 rows",
            "batchflow.tuning.slots{flow=orders table=events} 3 slots",
            "batchflow.tuning.slots{flow=orders table=new} 4 slots");
  }

  @Test
  void nothingIsKnownBeforeTheStart() {
    TuningMetrics.create("orders", tuner).bindTo(registry);

    assertThat(Meters.all(registry)).hasSize(8).allMatch(line -> line.contains(" NaN "));
  }

  @Test
  void closeRemovesThem() {
    TuningMetrics metrics = TuningMetrics.create("orders", tuner);
    metrics.bindTo(registry);

    metrics.close();

    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void aBlankNameIsRefused() {
    assertThatThrownBy(() -> TuningMetrics.create(" ", tuner))
        .isInstanceOf(InvalidConfigurationException.class);
  }
}
