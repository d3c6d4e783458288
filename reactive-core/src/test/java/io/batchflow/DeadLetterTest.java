package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Rejected rows are stored before their callers are notified. */
class DeadLetterTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer =
      RecordingWriter.create().rejecting(row -> (Long) row.value(0) % 5 == 0);

  private BatchFlow flow(Function<RejectedRow, Mono<Void>> keeper) {
    return Rows.flow(writer, time)
        .defaultPolicy(patient().maxSize(10).concurrency(1).build())
        .concurrency(1)
        .retry(Retry.fixedDelay(2, Duration.ofMillis(10)))
        .deadLetter(keeper)
        .build();
  }

  private static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, int rows) {
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (int i = 1; i <= rows; i++) {
      probes.add(watch(flow.submit(event(i))));
    }
    return probes;
  }

  @Test
  void exactlyTheRejectedRowsAreKeptWithTheirReasons() {
    List<RejectedRow> letters = new ArrayList<>();
    BatchFlow flow = flow(letter -> Mono.fromRunnable(() -> letters.add(letter)));

    List<Rows.Probe<WriteResult>> probes = submit(flow, 10);
    time.advanceTimeBy(Rows.SOON);

    assertThat(letters)
        .extracting(letter -> letter.row().value(0))
        .containsExactlyInAnyOrder(5L, 10L);
    assertThat(letters.get(0).reason()).isSameAs(probes.get(4).errors.get(0));
    assertThat(letters.get(0))
        .hasToString("RejectedRow[table=events, reason=RowRejectedException]");
    assertThat(flow.stats().deadLetters()).isEqualTo(2);
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
  }

  @Test
  void theCallerIsToldAndTheSlotIsFreeOnlyOnceTheRowIsKept() {
    Sinks.Empty<Void> kept = Sinks.empty();
    BatchFlow flow = flow(letter -> kept.asMono());

    List<Rows.Probe<WriteResult>> probes = submit(flow, 20);
    time.advanceTimeBy(Duration.ofSeconds(30));

    assertThat(probes).noneMatch(Rows.Probe::isDone);
    assertThat(writer.rows()).hasSize(8);
    kept.tryEmitEmpty();
    time.advanceTimeBy(Rows.SOON);
    assertThat(probes).allMatch(Rows.Probe::isDone);
    assertThat(writer.rows()).hasSize(16);
  }

  @Test
  void aKeeperThatFailsIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    BatchFlow flow =
        flow(
            letter ->
                Mono.defer(
                    () ->
                        tries.incrementAndGet() < 3
                            ? Mono.error(new IllegalStateException("not now"))
                            : Mono.empty()));

    List<Rows.Probe<WriteResult>> probes = submit(flow, 10);
    time.advanceTimeBy(Rows.SOON);

    assertThat(probes).allMatch(Rows.Probe::isDone);
    assertThat(flow.stats().deadLetters()).isEqualTo(2);
    assertThat(flow.stats().deadLettersLost()).isZero();
  }

  @Test
  void whatCannotBeKeptIsCountedAndItsCallerSeesWhy() {
    BatchFlow flow = flow(letter -> Mono.error(new IllegalStateException("disk full")));

    List<Rows.Probe<WriteResult>> probes = submit(flow, 10);
    time.advanceTimeBy(Rows.SOON);

    assertThat(flow.stats().deadLettersLost()).isEqualTo(2);
    assertThat(probes.get(4).errors.get(0))
        .isInstanceOf(RowRejectedException.class)
        .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
  }

  @Test
  void aKeeperThatNeverAnswersIsGivenUp() {
    BatchFlow flow = flow(letter -> Mono.never());

    List<Rows.Probe<WriteResult>> probes = submit(flow, 10);
    time.advanceTimeBy(Duration.ofMinutes(10));

    assertThat(probes).allMatch(Rows.Probe::isDone);
    assertThat(flow.stats().deadLettersLost()).isEqualTo(2);
  }

  @Test
  void anotherFlowKeepsThem() {
    RecordingWriter kept = RecordingWriter.create();
    BatchFlow letters = Rows.flow(kept, time).build();
    Schema table = Schema.table("dead_letters").columns("source", "reason").build();
    BatchFlow flow =
        flow(
            letter ->
                letters
                    .submit(
                        table
                            .row()
                            .set("source", letter.row().schema().table())
                            .set("reason", letter.reason().getClass().getSimpleName()))
                    .then());

    submit(flow, 10);
    time.advanceTimeBy(Rows.SOON);

    assertThat(kept.rows()).hasSize(2).allMatch(row -> "events".equals(row.value("source")));
  }
}
