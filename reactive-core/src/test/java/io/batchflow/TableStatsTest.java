package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.batchflow.stats.TableError;
import io.batchflow.stats.TableStats;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** What a flow tells of each of its tables. */
class TableStatsTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow flow(BatchPolicy.Builder policy) {
    return Rows.flow(writer, time).defaultPolicy(policy.build()).build();
  }

  private static TableStats of(BatchFlow flow, Schema schema) {
    return flow.control(schema.table()).stats().get(0);
  }

  @Test
  void aTableThatWasNotWrittenHasNoLastWrite() {
    BatchFlow flow = flow(patient());
    watch(flow.submit(event(1)));

    assertThat(of(flow, EVENTS))
        .returns(null, TableStats::lastWrite)
        .returns(null, TableStats::lastError)
        .returns(0L, TableStats::bytes)
        .returns(0.0, TableStats::rowsPerSecond);
  }

  @Test
  void theLastWriteIsTheEndOfABatchWithAWrittenRow() {
    writer.answeringAfter(Duration.ofSeconds(3), time);
    BatchFlow flow = flow(BatchPolicy.builder());
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(of(flow, EVENTS).lastWrite()).isEqualTo(Instant.ofEpochSecond(3));
  }

  @Test
  void bytesAreThoseOfSealedBatches() {
    BatchFlow flow = flow(patient().maxSize(2));
    Row first = row(UPSERTS, 1, "a");
    Row second = row(UPSERTS, 1, "bb");
    watch(flow.submit(first));
    watch(flow.submit(second));
    watch(flow.submit(row(UPSERTS, 2, "c")));

    assertThat(of(flow, UPSERTS))
        .returns((long) first.estimatedBytes() + second.estimatedBytes(), TableStats::bytes)
        .returns(1L, TableStats::batches)
        .returns(1L, TableStats::merged);
  }

  @Test
  void agesAreThoseOfTheOldestAndTheNewestRow() {
    BatchFlow flow = flow(patient());
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(5));
    watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(of(flow, EVENTS))
        .returns(Duration.ofSeconds(7), TableStats::oldestAge)
        .returns(Duration.ofSeconds(2), TableStats::newestAge);
    watch(flow.flush());
    assertThat(of(flow, EVENTS))
        .returns(Duration.ZERO, TableStats::oldestAge)
        .returns(Duration.ZERO, TableStats::newestAge);
  }

  @Test
  void theNewestRowOfAPausedTableCountsToo() {
    BatchFlow flow = flow(BatchPolicy.builder());
    watch(flow.control("events").pause());
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(4));
    watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(of(flow, EVENTS).newestAge()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theRateIsThatOfTheLastTenSeconds() {
    BatchFlow flow = flow(BatchPolicy.builder());
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 7; i++) {
        watch(flow.submit(event(i)));
      }
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
    assertThat(of(flow, EVENTS).rowsPerSecond()).isCloseTo(7, within(0.1));

    time.advanceTimeBy(Duration.ofSeconds(5));
    assertThat(of(flow, EVENTS).rowsPerSecond()).isCloseTo(3.5, within(0.1));
    time.advanceTimeBy(Duration.ofSeconds(6));
    assertThat(of(flow, EVENTS).rowsPerSecond()).isZero();
  }

  @Test
  void aBurstAfterAPauseIsNotSpreadOverThePause() {
    BatchFlow flow = flow(BatchPolicy.builder());
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofHours(19));
    for (int i = 0; i < 50; i++) {
      watch(flow.submit(event(i)));
    }

    assertThat(of(flow, EVENTS).rowsPerSecond()).isEqualTo(5);
  }

  @Test
  void aWriteThatIsRetriedIsTheLastErrorWithoutTheTextOfTheBackend() {
    writer.failing(1, new IllegalStateException("value v1 is wrong"));
    BatchFlow flow =
        Rows.flow(writer, time)
            .failureClassifier(failure -> FailureKind.TRANSIENT)
            .retry(Retry.fixedDelay(3, Duration.ofSeconds(1)))
            .build();
    time.advanceTimeBy(Duration.ofSeconds(2));
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(of(flow, EVENTS).ledger().written()).isOne();
    assertThat(of(flow, EVENTS).lastError())
        .isEqualTo(
            new TableError(
                Instant.ofEpochSecond(2),
                IllegalStateException.class.getName(),
                "A write to table 'events' failed: TRANSIENT"));
  }

  @Test
  void theErrorOfARejectedRowIsTheLastErrorWithoutTheTextOfTheBackend() {
    writer.rejectingRows(row -> row.value("value").equals("v2"));
    BatchFlow flow = flow(patient().maxSize(2));
    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));

    TableError error = of(flow, EVENTS).lastError();
    assertThat(error).isNotNull();
    assertThat(error.type()).contains("SimulatedFailure");
    assertThat(error.message()).startsWith("Table 'events' rejected a row").doesNotContain("v2");
  }
}
