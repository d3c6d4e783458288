package io.batchflow;

import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class TablePoliciesTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  /** The tables of a service that writes users by the minute, orders and logs by the second. */
  @Test
  void eachTableOfAFlowObeysItsOwnPolicy() {
    BatchFlow flow = Rows.flow(writer, time).maxPending(100_000).concurrency(4).build();
    Schema users = Schema.table("users").columns("id", "value").build();
    Schema orders = Schema.table("orders").columns("id", "value").build();
    Schema logs = Schema.table("logs").columns("id", "value").build();
    retune(flow, users, 2_000, 60);
    retune(flow, orders, 5_000, 10);
    retune(flow, logs, 10_000, 5);

    submit(flow, users, 0, 1_999);
    submit(flow, orders, 0, 4_999);
    submit(flow, logs, 0, 25_000);
    assertThat(writer.sizes()).containsExactly(10_000, 10_000);
    time.advanceTimeBy(Duration.ofMillis(4_999));
    assertThat(writer.sizes()).hasSize(2);
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(writer.sizes()).hasSize(3).endsWith(5_000);
    time.advanceTimeBy(Duration.ofSeconds(5));
    assertThat(writer.sizes()).hasSize(4).endsWith(4_999);
    submit(flow, users, 1_999, 2_000);
    assertThat(writer.sizes()).hasSize(5).endsWith(2_000);
    submit(flow, users, 2_000, 2_001);
    time.advanceTimeBy(Duration.ofSeconds(59));
    assertThat(writer.sizes()).hasSize(5);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(writer.sizes()).hasSize(6).endsWith(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(2_001 + 4_999 + 25_000);
  }

  private static void retune(BatchFlow flow, Schema table, int maxSize, int seconds) {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(maxSize)
            .maxBytes(16L << 20)
            .maxDelay(Duration.ofSeconds(seconds))
            .lingerWhenIdle(true)
            .build();
    watch(flow.control(table.table()).policy(policy));
  }

  private static void submit(BatchFlow flow, Schema table, int from, int to) {
    for (int id = from; id < to; id++) {
      watch(flow.submit(row(table, id, "v" + id)));
    }
  }

  @Test
  void aClosedFlowIsNotRetuned() {
    BatchFlow flow = Rows.flow(writer, time).build();
    watch(flow.close());

    assertThat(watch(flow.control("events").policy(BatchPolicy.defaults())).errors)
        .singleElement()
        .isInstanceOf(FlowClosedException.class);
  }
}
