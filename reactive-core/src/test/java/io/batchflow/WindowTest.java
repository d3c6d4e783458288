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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

class WindowTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<SealReason> reasons = new ArrayList<>();

  private BatchFlow.Builder flow() {
    return Rows.flow(writer, time)
        .listener(
            new BatchListener() {
              @Override
              public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
                reasons.add(reason);
              }
            });
  }

  private static void submit(BatchFlow flow, int rows) {
    Flux.range(0, rows).flatMap(id -> flow.submit(event(id)), 100_000).subscribe();
  }

  @Test
  void closesByRows() {
    BatchFlow flow = flow().defaultPolicy(patient().maxSize(10).build()).build();

    submit(flow, 25);

    assertThat(writer.sizes()).containsExactly(10, 10);
    assertThat(reasons).containsExactly(SealReason.ROWS, SealReason.ROWS);
    assertThat(flow.stats().queued()).isEqualTo(5);
  }

  @Test
  void closesByBytesBeforeTheRowThatWouldExceedThem() {
    BatchPolicy policy = patient().maxBytes(2_500).build();
    BatchFlow flow = flow().defaultPolicy(policy).build();

    for (int i = 0; i < 5; i++) {
      watch(flow.submit(row(EVENTS, i, "x".repeat(900))));
    }

    assertThat(writer.sizes()).startsWith(2);
    assertThat(writer.batches()).allMatch(batch -> batch.estimatedBytes() <= 2_500);
    assertThat(reasons).contains(SealReason.BYTES);
  }

  @Test
  void aRowLargerThanABatchTravelsAlone() {
    BatchFlow flow = flow().defaultPolicy(patient().maxBytes(1_000).build()).build();

    watch(flow.submit(row(EVENTS, 1, "x".repeat(5_000))));

    assertThat(writer.sizes()).containsExactly(1);
  }

  @Test
  void closesByTheAgeOfTheOldestRow() {
    BatchPolicy policy =
        BatchPolicy.builder().maxDelay(Duration.ofMillis(20)).lingerWhenIdle(true).build();
    BatchFlow flow = flow().defaultPolicy(policy).build();

    submit(flow, 1);
    time.advanceTimeBy(Duration.ofMillis(15));
    submit(flow, 2);
    time.advanceTimeBy(Duration.ofMillis(4));
    assertThat(writer.sizes()).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(writer.sizes()).containsExactly(3);
    assertThat(reasons).containsExactly(SealReason.AGE);
  }

  @Test
  void aZeroDelaySendsAtOnceAndGrowsBatchesWhileTheBackendIsBusy() {
    BatchPolicy natural = BatchPolicy.builder().maxDelay(Duration.ZERO).build();
    BatchFlow flow = flow().defaultPolicy(natural).concurrency(1).build();
    writer.answeringAfter(Duration.ofSeconds(1), time);

    submit(flow, 40);
    assertThat(writer.running()).isEqualTo(1);
    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(writer.sizes()).containsExactly(1, 39);
    assertThat(reasons).containsOnly(SealReason.IDLE);
    assertThat(assertBalanced(flow).written()).isEqualTo(40);
  }

  @Test
  void aPolicyOfATableIsThatOfItsSchemasWithoutTheirOwn() {
    Schema plain = Schema.table("other").columns("id", "value").build();
    Schema updating = Schema.table("other").columns("id", "value").conflictKey("id").build();
    BatchFlow flow =
        flow()
            .defaultPolicy(patient().maxSize(9).build())
            .policy("other", patient().maxSize(2).build())
            .policy(updating, patient().maxSize(3).build())
            .build();

    for (int i = 0; i < 6; i++) {
      watch(flow.submit(row(plain, i, "a")));
      watch(flow.submit(row(updating, i, "b")));
    }
    submit(flow, 6);

    assertThat(writer.batches())
        .filteredOn(batch -> batch.schema().equals(plain))
        .extracting(Batch::size)
        .containsExactly(2, 2, 2);
    assertThat(writer.batches())
        .filteredOn(batch -> batch.schema().equals(updating))
        .extracting(Batch::size)
        .containsExactly(3, 3);
    assertThat(writer.batches()).hasSize(5);
  }

  @Test
  void everyTableHasItsOwnWindowAndPolicy() {
    Schema other = Schema.table("other").columns("id", "value").build();
    BatchFlow flow =
        flow()
            .defaultPolicy(patient().maxSize(3).build())
            .policy(other, patient().maxSize(2).build())
            .build();

    submit(flow, 2);
    watch(flow.submit(row(other, 1, "a")));
    assertThat(writer.sizes()).isEmpty();
    watch(flow.submit(row(other, 2, "b")));
    assertThat(writer.batches())
        .extracting(batch -> batch.schema().table())
        .containsExactly("other");
    submit(flow, 1);

    assertThat(writer.sizes()).containsExactly(2, 3);
  }

  @Test
  void equalSchemasShareAWindow() {
    Schema twin = Schema.table("events").columns("id", "value").build();
    BatchFlow flow = flow().defaultPolicy(patient().maxSize(2).build()).build();

    watch(flow.submit(event(1)));
    watch(flow.submit(row(twin, 2, "b")));

    assertThat(writer.sizes()).containsExactly(2);
  }

  @Test
  void aFullFlowSendsWhatItHasRatherThanLetCallersWait() {
    BatchPolicy policy = patient().maxSize(10).build();
    BatchFlow flow = flow().defaultPolicy(policy).maxPending(10).build();
    Schema other = Schema.table("other").columns("id", "value").build();

    submit(flow, 6);
    for (int i = 0; i < 6; i++) {
      watch(flow.submit(row(other, i, "x")));
    }

    assertThat(reasons).contains(SealReason.PRESSURE);
    assertThat(writer.rows()).hasSizeGreaterThanOrEqualTo(6);
    assertThat(flow.stats().waiting()).isZero();
  }

  @Test
  void ofAFullFlowTheRowThatWaitsLongestLeavesFirst() {
    List<Schema> tables =
        Stream.of("a", "b", "c", "d", "e")
            .map(name -> Schema.table(name).columns("id", "value").build())
            .toList();
    for (Schema oldest : tables) {
      RecordingWriter held = RecordingWriter.create().hold();
      BatchFlow.Builder builder = Rows.flow(held, time).concurrency(1).maxPending(tables.size());
      for (Schema table : tables) {
        // The oldest row has the latest deadline.
        Duration delay = table.equals(oldest) ? Rows.NEVER : Duration.ofHours(1);
        builder.policy(table, patient().maxDelay(delay).maxSize(5).build());
      }
      BatchFlow flow = builder.defaultPolicy(patient().maxSize(5).build()).build();

      watch(flow.submit(row(oldest, 1, "x")));
      tables.stream()
          .filter(table -> !table.equals(oldest))
          .forEach(
              table -> {
                time.advanceTimeBy(Duration.ofSeconds(1));
                watch(flow.submit(row(table, 1, "x")));
              });
      watch(flow.submit(row(oldest, 2, "waits")));
      held.release();

      assertThat(held.batches().get(0).schema()).isEqualTo(oldest);
    }
  }

  @Test
  void oneTimerServesAThousandTables() {
    BatchPolicy policy =
        BatchPolicy.builder().maxDelay(Duration.ofMillis(20)).lingerWhenIdle(true).build();
    BatchFlow flow = flow().defaultPolicy(policy).build();

    for (int i = 0; i < 1_000; i++) {
      Schema table = Schema.table("t" + i).columns("id", "value").build();
      watch(flow.submit(row(table, i, "x")));
    }
    long tasks = time.getScheduledTaskCount();
    time.advanceTimeBy(Duration.ofMillis(20));

    int wakeUps = 1_000;
    assertThat(tasks - wakeUps).isLessThanOrEqualTo(2);
    assertThat(writer.sizes()).hasSize(1_000);
    assertThat(assertBalanced(flow).written()).isEqualTo(1_000);
  }
}
