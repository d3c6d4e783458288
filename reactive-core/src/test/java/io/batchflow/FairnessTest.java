package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class FairnessTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer =
      RecordingWriter.create().answeringAfter(Duration.ofMillis(10), time);
  private final Schema flood = Schema.table("flood").columns("id", "value").build();
  private final Schema trickle = Schema.table("trickle").columns("id", "value").build();

  private List<String> tables() {
    return writer.batches().stream().map(batch -> batch.schema().table()).toList();
  }

  @Test
  void aFloodOnOneTableDelaysAnotherByOneBatchForEachSlot() {
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(patient().maxSize(10).build()).concurrency(2).build();
    for (int i = 0; i < 1_000; i++) {
      watch(flow.submit(row(flood, i, "x")));
    }
    for (int i = 0; i < 10; i++) {
      watch(flow.submit(row(trickle, i, "x")));
    }

    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(tables().indexOf("trickle")).isBetween(0, 3);
    assertThat(assertBalanced(flow).written()).isEqualTo(1_010);
  }

  @Test
  void theFlowsConcurrencyIsKept() {
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).concurrency(3).build();
    for (int i = 0; i < 50; i++) {
      watch(flow.submit(row(i % 2 == 0 ? flood : trickle, i, "x")));
    }

    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(writer.mostRunning()).isEqualTo(3);
    assertThat(writer.rows()).hasSize(50);
  }

  @Test
  void aTablesConcurrencyLeavesSlotsToOthers() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .policy(flood, patient().maxSize(1).concurrency(1).build())
            .concurrency(3)
            .build();
    for (int i = 0; i < 20; i++) {
      watch(flow.submit(row(flood, i, "x")));
    }
    watch(flow.submit(row(trickle, 1, "x")));

    time.advanceTimeBy(Duration.ofMillis(10));

    assertThat(tables()).containsExactlyInAnyOrder("flood", "trickle");
    assertThat(writer.mostRunning()).isEqualTo(2);
  }
}
