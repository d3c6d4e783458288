package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** The slots of batches that wait for a retry. */
class BackoffTest {

  private static final Duration BACKOFF = Duration.ofSeconds(10);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter backend =
      RecordingWriter.create().answeringAfter(Duration.ofMillis(1), time);
  private final Set<String> down = new HashSet<>();
  private final List<String> tried = new ArrayList<>();

  private static Schema table(String name) {
    return Schema.table(name).columns("id", "value").build();
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          String table = batch.schema().table();
          tried.add(table);
          return down.contains(table)
              ? Mono.delay(Duration.ofMillis(1), time)
                  .then(Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT)))
              : backend.write(batch);
        });
  }

  private BatchFlow flow(int concurrency) {
    return Rows.flow(this::write, time)
        .failureClassifier(backend.failureClassifier())
        .concurrency(concurrency)
        .retry(Retry.fixedDelay(1_000, BACKOFF))
        .defaultPolicy(patient().maxSize(1).build())
        .build();
  }

  private void submit(BatchFlow flow, String table, int rows) {
    for (int id = 0; id < rows; id++) {
      watch(flow.submit(row(table(table), id, "x")));
    }
  }

  @Test
  void aTableWhoseWritesFailDoesNotHoldUpOthers() {
    down.add("broken");
    BatchFlow flow = flow(2);
    submit(flow, "broken", 10);
    time.advanceTimeBy(Duration.ofMillis(5));

    submit(flow, "sound", 10);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(backend.rows()).hasSize(10);
    assertThat(tried).filteredOn("broken"::equals).hasSize(2);
    assertThat(flow.stats().inFlight()).isEqualTo(2);

    down.clear();
    time.advanceTimeBy(BACKOFF.multipliedBy(2));
    assertThat(assertBalanced(flow).written()).isEqualTo(20);
  }

  @Test
  void aBackendThatIsDownIsTriedByNoMoreBatchesThanTwiceTheSlots() {
    BatchFlow flow = flow(2);
    for (int i = 0; i < 20; i++) {
      down.add("t" + i);
      submit(flow, "t" + i, 3);
    }

    time.advanceTimeBy(BACKOFF.multipliedBy(50));
    assertThat(flow.stats().inFlight()).isEqualTo(4);
    assertThat(tried.size()).isBetween(150, 204);
    assertThat(backend.rows()).isEmpty();

    down.clear();
    time.advanceTimeBy(BACKOFF.multipliedBy(2));
    assertThat(assertBalanced(flow).written()).isEqualTo(60);
    assertThat(backend.mostRunning()).isEqualTo(2);
  }

  @Test
  void batchesThatFailTakeTurnsOverOneSlot() {
    down.add("a");
    down.add("b");
    BatchFlow flow = flow(1);
    submit(flow, "a", 1);
    submit(flow, "b", 1);

    time.advanceTimeBy(BACKOFF.multipliedBy(10));

    assertThat(tried).filteredOn("a"::equals).hasSizeGreaterThan(5);
    assertThat(tried).filteredOn("b"::equals).hasSizeGreaterThan(5);
  }

  @Test
  void aRetryComesBeforeANewBatch() {
    down.add("a");
    BatchFlow flow = flow(1);
    submit(flow, "a", 1);
    time.advanceTimeBy(BACKOFF.minusMillis(1));
    submit(flow, "b", 30);
    down.clear();

    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(tried.lastIndexOf("a")).isBetween(2, 5);
  }

  @Test
  void whatIsLentIsSettledAtTheDeadlineOfClose() {
    down.add("a");
    down.add("b");
    down.add("c");
    BatchFlow flow = flow(1);
    submit(flow, "a", 2);
    submit(flow, "b", 2);
    submit(flow, "c", 2);
    time.advanceTimeBy(Duration.ofSeconds(1));

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(30)));
    time.advanceTimeBy(Duration.ofMinutes(2));

    assertThat(closed.completions).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isZero();
  }
}
