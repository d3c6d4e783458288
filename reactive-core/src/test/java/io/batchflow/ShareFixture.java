package io.batchflow;

import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;

import io.batchflow.control.TableControl;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A flow of 100 rows and 4 slots, in virtual time, and tables with shares. */
final class ShareFixture {

  static final Schema LOGS = Schema.table("logs").columns("id", "value").build();
  static final Schema ORDERS = Schema.table("orders").columns("id", "value").build();
  static final BatchPolicy SHARE = policy().share(0.3).build();
  static final BatchPolicy RESERVED = policy().reserved(1).build();

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final RecordingWriter writer = RecordingWriter.create();

  private static BatchPolicy.Builder policy() {
    return BatchPolicy.builder().maxSize(10).maxDelay(Duration.ZERO);
  }

  BatchFlow.Builder flow(Map<String, BatchPolicy> policies) {
    BatchFlow.Builder flow =
        Rows.flow(writer, time).defaultPolicy(policy().build()).maxPending(100).concurrency(4);
    policies.forEach(flow::policy);
    return flow;
  }

  static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, Schema schema, int from, int to) {
    return LongStream.range(from, to)
        .mapToObj(id -> watch(flow.submit(row(schema, id, "v" + id))))
        .toList();
  }

  static long pending(BatchFlow flow, Schema schema) {
    return flow.control(schema.table()).stats().stream()
        .mapToLong(table -> table.ledger().pending())
        .sum();
  }

  static Rows.Probe<Void> retune(
      BatchFlow flow, Schema schema, UnaryOperator<BatchPolicy.Builder> change) {
    TableControl control = flow.control(schema.table());
    return watch(control.policy(change.apply(control.policy().toBuilder()).build()));
  }
}
