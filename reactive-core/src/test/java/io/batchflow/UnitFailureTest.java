package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A bad unit costs only itself, and is never applied in part or twice. */
class UnitFailureTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<RejectedRow> letters = new ArrayList<>();
  private BatchFlow flow;

  private void flow(BatchWriter writer) {
    flow =
        Rows.flow(writer, time)
            .policy(Unit.SCHEMA, patient().build())
            .concurrency(1)
            .deadLetter(letter -> Mono.fromRunnable(() -> letters.add(letter)))
            .build();
  }

  @AfterEach
  void everyUnitHasAnOutcome() {
    watch(flow.close());
    time.advanceTimeBy(Duration.ofMinutes(1));
    LedgerAssertions.assertBalanced(flow);
  }

  private static List<Row> unit(long id) {
    return List.of(event(id), row(UPSERTS, id, "u"), row(UPSERTS, id + 1_000, "u"));
  }

  private List<Rows.Probe<WriteResult>> submit(List<List<Row>> units) {
    List<Rows.Probe<WriteResult>> probes =
        units.stream().map(rows -> watch(flow.submitTogether(rows))).toList();
    watch(flow.flush());
    time.advanceTimeBy(Duration.ofMinutes(2));
    return probes;
  }

  private static boolean has(Row unit, Set<Long> ids) {
    return Unit.rows(unit).stream().anyMatch(row -> ids.contains((Long) row.value("id")));
  }

  @ParameterizedTest
  @EnumSource(names = {"DATA", "INVALID", "PERMANENT", "CONTENTION"})
  void badUnitsAreFoundAndAllOthersAreWritten(FailureKind kind) {
    Set<Long> bad = Set.of(3L, 77L, 1_078L, 199L);
    List<Row> stored = new ArrayList<>();
    flow(
        new UnitWriter(
            batch -> {
              if (batch.rows().stream().anyMatch(unit -> has(unit, bad))) {
                return Mono.error(RecordingWriter.failure(kind));
              }
              stored.addAll(batch.rows());
              return Mono.just(BatchResult.written(batch.size()));
            }));
    List<OutcomeStatus> statuses =
        Rows.statuses(submit(LongStream.range(0, 200).mapToObj(UnitFailureTest::unit).toList()));

    assertThat(IntStream.range(0, 200).filter(i -> statuses.get(i) != OutcomeStatus.WRITTEN))
        .containsExactly(3, 77, 78, 199);
    assertThat(stored).hasSize(196).doesNotHaveDuplicates();
  }

  @Test
  void theErrorNamesTheBadRowOfTheUnitIfTheWriterDoes() {
    List<Integer> sizes = new ArrayList<>();
    flow(
        new UnitWriter(
            batch -> {
              sizes.add(batch.size());
              for (int i = 0; i < batch.size(); i++) {
                if (has(batch.rows().get(i), Set.of(5L))) {
                  return Mono.error(
                      new BadRowException(i, 1, RecordingWriter.failure(FailureKind.DATA)));
                }
              }
              return Mono.just(BatchResult.written(batch.size()));
            }));
    List<List<Row>> units = LongStream.range(0, 10).mapToObj(UnitFailureTest::unit).toList();
    List<Rows.Probe<WriteResult>> probes = submit(units);

    BatchFlowException error = (BatchFlowException) probes.get(5).errors.get(0);
    assertThat(sizes).startsWith(10, 9, 1);
    assertThat(error)
        .isInstanceOf(RowRejectedException.class)
        .hasMessageContaining("'upserts'")
        .hasMessageContaining("position 1 of its unit");
    assertThat(error.row()).isSameAs(units.get(5).get(1));
    assertThat(error.positionInUnit()).isEqualTo(1);
    assertThat(error.table()).isEqualTo("upserts");
  }

  @Test
  void anErrorWithoutABadRowNamesAllTablesOfTheUnit() {
    flow(new UnitWriter(batch -> Mono.error(RecordingWriter.failure(FailureKind.UNUSABLE))));
    BatchFlowException error =
        (BatchFlowException) submit(List.of(unit(1), unit(2))).get(1).errors.get(0);

    assertThat(error).isInstanceOf(BatchWriteException.class);
    assertThat(error.table()).isEqualTo("events, upserts");
    assertThat(error.positionInUnit()).isEqualTo(-1);
    assertThat(Unit.rows(error.row())).hasSize(3);
  }

  @Test
  void aWriterMayRejectSingleUnitsAndNameTheirRows() {
    flow(
        new UnitWriter(
            batch ->
                Mono.just(
                    BatchResult.partly(
                        1,
                        Map.of(
                            1,
                            new BadRowException(
                                1, 2, RecordingWriter.failure(FailureKind.DATA)))))));
    List<Rows.Probe<WriteResult>> probes = submit(List.of(unit(1), unit(2)));

    assertThat(Rows.statuses(probes))
        .containsExactly(OutcomeStatus.WRITTEN, OutcomeStatus.REJECTED);
    assertThat(((BatchFlowException) probes.get(1).errors.get(0)).positionInUnit()).isEqualTo(2);
  }

  @Test
  void theRowsOfARejectedUnitAreKeptInTheirOrder() {
    flow(
        RecordingWriter.create()
            .rejecting(row -> row.schema().equals(Unit.SCHEMA) && has(row, Set.of(2L))));
    List<List<Row>> units = List.of(unit(1), unit(2), unit(3));
    submit(units);

    assertThat(letters).extracting(RejectedRow::row).containsExactlyElementsOf(units.get(1));
    assertThat(letters).extracting(RejectedRow::reason).containsOnly(letters.get(0).reason());
    assertThat(flow.stats().deadLetters()).isEqualTo(3);
  }

  @Test
  void afterALostWriteOnlyUnitsOfRepeatableRowsAreSentAgain() {
    List<List<Row>> attempts = new ArrayList<>();
    List<Batch> abandoned = new ArrayList<>();
    flow(
        new UnitWriter(
            batch -> {
              attempts.add(batch.rows());
              return attempts.size() == 1
                  ? Mono.error(RecordingWriter.failure(FailureKind.UNKNOWN))
                  : Mono.just(BatchResult.written(batch.size()));
            }) {
          @Override
          public Mono<Boolean> abandon(Batch batch) {
            abandoned.add(batch);
            return Mono.just(true);
          }
        });
    List<Rows.Probe<WriteResult>> probes =
        submit(
            List.of(
                List.of(row(UPSERTS, 1, "u")),
                List.of(row(UPSERTS, 2, "u"), event(2)),
                List.of(row(UPSERTS, 3, "u"), row(UPSERTS, 4, "u")),
                List.of(event(5))));

    assertThat(Rows.statuses(probes))
        .containsExactly(
            OutcomeStatus.WRITTEN,
            OutcomeStatus.UNKNOWN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.UNKNOWN);
    assertThat(abandoned).singleElement().satisfies(lost -> assertThat(lost.size()).isEqualTo(4));
    assertThat(attempts).hasSize(2);
    assertThat(attempts.get(1)).hasSize(2);
  }

  @Test
  void noUnitIsSentAgainIfTheLostWriteMayStillCome() {
    List<Batch> attempts = new ArrayList<>();
    flow(
        new UnitWriter(
            batch -> {
              attempts.add(batch);
              return Mono.error(RecordingWriter.failure(FailureKind.UNKNOWN));
            }) {
          @Override
          public Mono<Boolean> abandon(Batch batch) {
            return Mono.just(false);
          }
        });
    List<Rows.Probe<WriteResult>> probes =
        submit(List.of(List.of(row(UPSERTS, 1, "u")), List.of(event(2))));

    assertThat(Rows.statuses(probes)).containsOnly(OutcomeStatus.UNKNOWN);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void aUnitIsRepeatableOnlyIfEachOfItsRowsIs() {
    flow(RecordingWriter.create());
    Row keyless = UPSERTS.row().set("id", null).set("value", "u");

    assertThat(isRepeatable(row(UPSERTS, 1, "u"), row(UPSERTS, 1, "v"))).isTrue();
    assertThat(isRepeatable(row(UPSERTS, 1, "u"), UPSERTS.delete().set("id", 1L))).isTrue();
    assertThat(isRepeatable(row(UPSERTS, 1, "u"), event(1))).isFalse();
    assertThat(isRepeatable(row(UPSERTS, 1, "u"), keyless)).isFalse();
    assertThat(isRepeatable(EVENTS.row().set("id", 1L))).isFalse();
  }

  private static boolean isRepeatable(Row... rows) {
    return new Batch(Unit.SCHEMA, List.of(Unit.of(List.of(rows)))).isRepeatable();
  }
}
