package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Flush and close leave no row behind, however a window is cut into batches. */
class LastRowsTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow busyFlow(BatchPolicy policy) {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(policy)
            .concurrency(1)
            .retryBudget(1, Duration.ofHours(1))
            .build();
    writer.hold();
    watch(flow.submit(event(-1)));
    watch(flow.flush());
    assertThat(writer.running()).isEqualTo(1);
    return flow;
  }

  private static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, int rows) {
    return IntStream.range(0, rows).mapToObj(id -> watch(flow.submit(event(id)))).toList();
  }

  private void allLeave(BatchFlow flow, List<Rows.Probe<WriteResult>> rows, Mono<Void> end) {
    Rows.Probe<Void> ended = watch(end);
    writer.release();

    assertThat(ended.completions).isEqualTo(1);
    assertThat(rows).allSatisfy(row -> assertThat(row.values).hasSize(1));
    assertThat(assertBalanced(flow).written()).isEqualTo(rows.size() + 1L);
  }

  @Test
  void flushSendsALastRowBehindFullBatches() {
    BatchFlow flow = busyFlow(patient().maxSize(10).build());

    allLeave(flow, submit(flow, 21), flow.flush());

    assertThat(writer.sizes()).containsExactly(1, 10, 10, 1);
  }

  @Property(tries = 300)
  void flushAndCloseSendEveryRowBehindBatchesCutByRows(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 15) int maxSize,
      @ForAll boolean closes) {
    LastRowsTest fresh = new LastRowsTest();
    BatchFlow flow = fresh.busyFlow(patient().maxSize(maxSize).build());

    fresh.allLeave(flow, submit(flow, rows), closes ? flow.close() : flow.flush());
  }

  @Property(tries = 300)
  void flushAndCloseSendEveryRowBehindBatchesCutByBytes(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 900) Integer> lengths,
      @ForAll @IntRange(min = 200, max = 3_000) int maxBytes,
      @ForAll boolean closes) {
    LastRowsTest fresh = new LastRowsTest();
    BatchFlow flow = fresh.busyFlow(patient().maxBytes(maxBytes).build());
    List<Rows.Probe<WriteResult>> probes =
        lengths.stream()
            .map(length -> watch(flow.submit(row(EVENTS, length, "x".repeat(length)))))
            .toList();

    fresh.allLeave(flow, probes, closes ? flow.close() : flow.flush());
  }

  @Property(tries = 300)
  void flushSendsEveryRowThatIsLeftWhicheverAreCancelled(
      @ForAll @Size(min = 1, max = 30) List<Boolean> cancelled,
      @ForAll @IntRange(min = 1, max = 9) int maxSize) {
    LastRowsTest fresh = new LastRowsTest();
    BatchFlow flow = fresh.busyFlow(patient().maxSize(maxSize).build());
    List<Rows.Probe<WriteResult>> probes = submit(flow, cancelled.size());
    Rows.Probe<Void> flushed = watch(flow.flush());
    for (int i = 0; i < cancelled.size(); i++) {
      if (cancelled.get(i)) {
        probes.get(i).subscription.dispose();
      }
    }
    fresh.writer.release();

    assertThat(flushed.completions).isEqualTo(1);
    for (int i = 0; i < cancelled.size(); i++) {
      assertThat(probes.get(i).values).hasSize(cancelled.get(i) ? 0 : 1);
    }
    assertBalanced(flow);
  }
}
