package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The docs map all meters of BatchFlow for Go to meters that exist. */
class PredecessorTest {

  private static final String[] REPORTERS = {
    "ObserveEnqueueLatency",
    "ObserveBatchAssemble",
    "ObserveExecuteDuration",
    "ObserveBatchSize",
    "IncError",
    "SetConcurrency",
    "SetQueueLength",
    "IncInflight",
    "DecInflight",
    "ObserveDequeueLatency",
    "ObserveProcessDuration",
    "IncDropped",
    "IncSubmitRejected",
    "ObservePipelineFlushSize",
    "ObserveSchemaGroupsPerFlush",
    "ObserveSQLGenerated",
    "ObserveSQLDeduplicated",
    "IncSQLError",
    "ObserveOperationGenerated",
    "IncOperationError"
  };

  private static final String[] METERS = {
    "errors_total",
    "submit_rejected_total",
    "sql_errors_total",
    "operation_errors_total",
    "enqueue_latency_seconds",
    "batch_assemble_duration_seconds",
    "execute_duration_seconds",
    "batch_size",
    "sql_generated_rows",
    "sql_generated_args",
    "operation_generated_items",
    "operation_generated_args",
    "sql_deduplicated_rows_total",
    "pipeline_flush_size",
    "schema_groups_per_flush",
    "executor_concurrency",
    "pipeline_queue_length",
    "inflight_batches",
    "pipeline_dequeue_latency_seconds",
    "pipeline_process_duration_seconds",
    "pipeline_dropped_total"
  };

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (?!its |-)([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
  private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

  private final Scenario run = new Scenario();

  /** Returns the code names in a column. */
  private static List<String> names(int column) throws IOException {
    String docs = Files.readString(Path.of("../docs/metrics.md"));
    String section = docs.substring(docs.indexOf("## Coming from BatchFlow for Go"));
    List<String> names = new ArrayList<>();
    Matcher row = ROW.matcher(section);
    while (row.find()) {
      NAME.matcher(row.group(column)).results().forEach(name -> names.add(name.group(1)));
    }
    return names;
  }

  @Test
  void nothingIsLeftOut() throws IOException {
    assertThat(names(1)).containsExactlyInAnyOrder(REPORTERS);
    assertThat(names(2)).containsExactlyInAnyOrder(METERS);
  }

  @Test
  void itsCounterpartsAreThere() throws IOException {
    run.writer.failing(1, RecordingWriter.failure(FailureKind.PERMANENT));
    BatchFlow flow = run.flow(batchesOf(1)).build();
    submit(flow.submit(event(1, "a")));

    Set<String> ours =
        run.registry.getMeters().stream()
            .map(Meter::getId)
            .map(Meter.Id::getName)
            .collect(Collectors.toSet());
    assertThat(ours).containsAll(names(3).stream().filter(n -> n.contains(".")).toList());
    assertThat(names(3)).contains("batchflow.failures", "batchflow.longest.wait");
  }
}
