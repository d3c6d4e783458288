package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

class OutcomeTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow flowOf(int maxSize, BatchWriter writer) {
    return Rows.flow(writer, time)
        .defaultPolicy(patient().maxSize(maxSize).build())
        .retry(Retry.fixedDelay(3, Duration.ofSeconds(1)))
        .build();
  }

  private static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, Schema schema, int rows) {
    return LongStream.range(0, rows)
        .mapToObj(id -> watch(flow.submit(row(schema, id, "v"))))
        .toList();
  }

  private static Set<Integer> failed(List<Rows.Probe<WriteResult>> probes) {
    return Set.copyOf(
        IntStream.range(0, probes.size())
            .filter(i -> !probes.get(i).errors.isEmpty())
            .boxed()
            .toList());
  }

  @Test
  void aWrittenRowIsToldItsJourney() {
    BatchFlow flow = flowOf(2, writer);
    writer.answeringAfter(Duration.ofMillis(30), time);

    Rows.Probe<WriteResult> first = watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofMillis(7));
    watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofMillis(30));

    WriteResult result = first.values.get(0);
    assertThat(result.batchSize()).isEqualTo(2);
    assertThat(result.attempts()).isEqualTo(1);
    assertThat(result.queued()).isEqualTo(Duration.ofMillis(7));
    assertThat(result.written()).isEqualTo(Duration.ofMillis(30));
    assertThat(first.completions).isEqualTo(1);
  }

  @Test
  void aTransientFailureIsTriedAgain() {
    BatchFlow flow = flowOf(3, writer);
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    writer.failing(2, RecordingWriter.failure(FailureKind.TRANSIENT));

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, 3);
    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(probes).allSatisfy(p -> assertThat(p.values.get(0).attempts()).isEqualTo(3));
    assertThat(flow.stats().retries()).isEqualTo(2);
    assertThat(writer.sizes()).containsExactly(3);
  }

  @Test
  void aTransientFailureThatStaysFailsTheBatchAsNotApplied() {
    BatchFlow flow = flowOf(2, writer);
    for (int i = 1; i <= 4; i++) {
      writer.failing(i, RecordingWriter.failure(FailureKind.TRANSIENT));
    }

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, 2);
    time.advanceTimeBy(Duration.ofSeconds(3));

    assertThat(probes)
        .allSatisfy(
            p ->
                assertThat(p.errors.get(0))
                    .isInstanceOfSatisfying(
                        BatchWriteException.class,
                        e -> {
                          assertThat(e.attempts()).isEqualTo(4);
                          assertThat(e.batchSize()).isEqualTo(2);
                          assertThat(e.table()).isEqualTo("events");
                        }));
    assertThat(assertBalanced(flow).rejected()).isEqualTo(2);
  }

  @Test
  void aFailureThatNoRowCanCauseFailsTheBatchAtOnce() {
    BatchFlow flow = flowOf(2, writer);
    writer.failing(1, RecordingWriter.failure(FailureKind.UNUSABLE));

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, 2);

    assertThat(failed(probes)).containsExactlyInAnyOrder(0, 1);
    assertThat(writer.attempts()).isEqualTo(1);
  }

  @Test
  void anUnknownOutcomeIsReportedWhereARepeatCouldDouble() {
    BatchFlow flow = flowOf(2, writer);
    writer.failing(1, new TimeoutException());

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, 2);

    assertThat(probes)
        .allSatisfy(
            p ->
                assertThat(p.errors.get(0))
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasCauseInstanceOf(TimeoutException.class));
    assertThat(writer.attempts()).isEqualTo(1);
    assertThat(assertBalanced(flow).unknown()).isEqualTo(2);
  }

  @Test
  void anUnknownOutcomeIsTriedAgainWhereARepeatIsHarmless() {
    BatchFlow flow = flowOf(1, writer);
    writer.failing(1, new TimeoutException());

    Rows.Probe<WriteResult> probe = watch(flow.submit(row(UPSERTS, 1, "v")));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(probe.values.get(0).attempts()).isEqualTo(2);
  }

  @Test
  void anUnknownOutcomeIsReportedWhereARowHasNoWholeKeyOrAnIndexIsPartial() {
    Schema partial =
        Schema.table("t")
            .columns("id", "value")
            .conflictKey("id")
            .conflictWhere("value > 0")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    for (Row row : List.of(UPSERTS.row().set("id", null).set("value", 1), row(partial, 1, "v"))) {
      RecordingWriter lost = RecordingWriter.create().failing(1, new TimeoutException());
      Rows.Probe<WriteResult> probe = watch(flowOf(1, lost).submit(row));
      time.advanceTimeBy(Duration.ofSeconds(1));

      assertThat(probe.errors.get(0)).isInstanceOf(UnknownOutcomeException.class);
      assertThat(lost.attempts()).isEqualTo(1);
    }
  }

  @Test
  void anUnknownOutcomeStaysUnknownWhenLaterTriesFailForSure() {
    BatchFlow flow = flowOf(1, writer);
    writer.failing(1, new TimeoutException());
    writer.failing(2, RecordingWriter.failure(FailureKind.PERMANENT));

    Rows.Probe<WriteResult> probe = watch(flow.submit(row(UPSERTS, 1, "v")));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(probe.errors.get(0)).isInstanceOf(UnknownOutcomeException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 1_000})
  void badRowsAreFoundByHalvingAndOnlyTheyAreRejected(int rows) {
    Set<Long> bad = Set.copyOf(List.of(0L, rows / 2L, rows - 1L));
    BatchFlow flow = flowOf(rows, writer);
    writer.rejecting(row -> bad.contains(row.value("id")));

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, rows);

    assertThat(failed(probes))
        .isEqualTo(Set.copyOf(bad.stream().distinct().map(Long::intValue).toList()));
    assertThat(probes.get(0).errors.get(0)).isInstanceOf(RowRejectedException.class);
    assertThat(writer.rows()).hasSize(rows - bad.size());
    int halvings = 32 - Integer.numberOfLeadingZeros(rows);
    assertThat(writer.attempts()).isLessThanOrEqualTo(1 + 2 * bad.size() * halvings);
    assertThat(assertBalanced(flow).rejected()).isEqualTo(bad.size());
  }

  @Test
  void rowsThatTheBackendRejectsOneByOneCostOnlyThemselves() {
    BatchFlow flow = flowOf(4, writer);
    writer.rejectingRows(row -> row.value("id").equals(2L));

    List<Rows.Probe<WriteResult>> probes = submit(flow, EVENTS, 4);

    assertThat(failed(probes)).containsExactly(2);
    assertThat(writer.attempts()).isEqualTo(1);
  }

  @Test
  void aBadRowDoesNotTakeItsKeysOtherRowsAlong() {
    BatchFlow flow = flowOf(2, writer);
    writer.rejecting(row -> "bad".equals(row.value("value")));

    Rows.Probe<WriteResult> first = watch(flow.submit(row(UPSERTS, 1, "good")));
    Rows.Probe<WriteResult> second = watch(flow.submit(row(UPSERTS, 1, "bad")));

    assertThat(first.values).hasSize(1);
    assertThat(second.errors).hasSize(1);
    assertThat(writer.rows()).extracting(row -> row.value("value")).containsExactly("good");
  }

  @Test
  void aWriterThatCompletesWithoutAResultLeavesTheOutcomeUnknown() {
    BatchFlow flow = flowOf(1, batch -> Mono.empty());

    Rows.Probe<WriteResult> probe = watch(flow.submit(event(1)));

    assertThat(probe.errors.get(0))
        .isInstanceOf(UnknownOutcomeException.class)
        .cause()
        .hasMessageContaining("without a BatchResult");
  }

  @Test
  void aWriterThatThrowsOrReturnsNullFailsItsBatchAlone() {
    BatchFlow flow =
        flowOf(
            1,
            batch -> {
              if (batch.rows().get(0).value("id").equals(1L)) {
                throw new IllegalStateException("broken");
              }
              return batch.rows().get(0).value("id").equals(2L)
                  ? null
                  : Mono.just(BatchResult.written(1));
            });

    Rows.Probe<WriteResult> thrown = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> nothing = watch(flow.submit(event(2)));
    Rows.Probe<WriteResult> fine = watch(flow.submit(event(3)));

    assertThat(thrown.errors.get(0)).isInstanceOf(BatchWriteException.class);
    assertThat(nothing.errors.get(0)).isInstanceOf(BatchWriteException.class);
    assertThat(fine.values).hasSize(1);
    assertBalanced(flow);
  }

  @Test
  void theBuildersClassifierReplacesTheWriters() {
    BatchFlow flow =
        Rows.flow(batch -> Mono.error(new IllegalStateException("x")), time)
            .defaultPolicy(patient().maxSize(1).build())
            .failureClassifier(failure -> FailureKind.UNKNOWN)
            .build();

    assertThat(watch(flow.submit(event(1))).errors.get(0))
        .isInstanceOf(UnknownOutcomeException.class);
  }

  @Test
  void messagesNameTheTableAndNeverAValue() {
    BatchFlow flow = flowOf(1, writer);
    writer.rejecting(row -> true);

    Throwable error = watch(flow.submit(row(EVENTS, 1, "secret"))).errors.get(0);

    assertThat(error).hasMessageContaining("'events'").hasMessageNotContaining("secret");
  }
}
