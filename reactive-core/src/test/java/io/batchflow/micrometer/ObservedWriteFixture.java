package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;

/** Writes a row through an observed writer and collects the spans. */
abstract class ObservedWriteFixture {

  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Batch ROW = Batch.of(List.of(event(1, "s3cr3t")));

  final Traces traces = Traces.create();

  SpanData only() {
    assertThat(traces.spans()).hasSize(1);
    return traces.spans().get(0);
  }

  void write(BatchWriter writer) {
    ObservedBatchWriter.create(writer, traces.registry)
        .write(ROW)
        .onErrorComplete()
        .block(PATIENCE);
  }
}
