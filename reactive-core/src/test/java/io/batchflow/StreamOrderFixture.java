package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A flow with streams whose rows arrive when the test says so. */
abstract class StreamOrderFixture {

  static final Duration MAX_WAIT = Duration.ofSeconds(5);

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final RecordingWriter writer = RecordingWriter.create().hold();

  BatchFlow.Builder flowOf(int maxPending) {
    BatchPolicy policy = BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build();
    return Rows.flow(writer, time)
        .defaultPolicy(policy)
        .concurrency(1)
        .maxPending(maxPending)
        .maxWait(MAX_WAIT);
  }

  static void fill(BatchFlow flow, int rows) {
    for (int i = 0; i < rows; i++) {
      watch(flow.submit(event(100 + i)));
    }
  }

  List<Object> written() {
    return writer.rows().stream().map(row -> row.value("id")).toList();
  }
}
