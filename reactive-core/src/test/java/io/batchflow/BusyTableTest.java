package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The batches of a busy table leave about a millisecond apart, if its writes are shorter. */
class BusyTableTest {

  private static final Duration SHORT = Duration.ofNanos(300_000);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  /** The times at which batches left, in microseconds. */
  private final List<Long> left = new ArrayList<>();

  private int next;

  private BatchFlow flow(Duration write) {
    writer.answeringAfter(write, time);
    return Rows.flow(writer, time)
        .defaultPolicy(BatchPolicy.defaults())
        .listener(
            new BatchListener() {
              @Override
              public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
                left.add(time.now(TimeUnit.MICROSECONDS));
              }
            })
        .build();
  }

  /** Submits rows one by one, at equal intervals. */
  private void submit(BatchFlow flow, int rows, Duration interval) {
    for (int i = 0; i < rows; i++) {
      watch(flow.submit(event(next++)));
      time.advanceTimeBy(interval);
    }
  }

  private static List<Integer> lastHalf(List<Integer> sizes) {
    return sizes.subList(sizes.size() / 2, sizes.size());
  }

  @Test
  void batchesOfABusyTableLeaveAMillisecondApart() {
    BatchFlow flow = flow(SHORT);

    submit(flow, 1_000, Duration.ofNanos(200_000));

    for (int i = left.size() / 2 + 1; i < left.size(); i++) {
      assertThat(left.get(i) - left.get(i - 1)).isBetween(1_000L, 1_200L);
    }
    assertThat(lastHalf(writer.sizes())).allSatisfy(size -> assertThat(size).isBetween(5, 6));
    time.advanceTimeBy(Duration.ofMillis(2));
    assertThat(assertBalanced(flow).written()).isEqualTo(1_000);
  }

  @Test
  void aQuietTableIsNotHeld() {
    BatchFlow flow = flow(SHORT);

    submit(flow, 1_000, Duration.ofMillis(1));

    assertThat(writer.sizes()).hasSize(1_000).containsOnly(1);
  }

  @Test
  void aTableThatBecomesQuietIsNotHeldForLong() {
    BatchFlow flow = flow(SHORT);
    submit(flow, 1_000, Duration.ofNanos(200_000));

    submit(flow, 100, Duration.ofMillis(1));

    assertThat(lastHalf(writer.sizes().subList(writer.sizes().size() - 90, writer.sizes().size())))
        .containsOnly(1);
  }

  @Test
  void writesThatTakeLongerAreNotHeld() {
    BatchFlow flow = flow(Duration.ofMillis(3));

    submit(flow, 1_000, Duration.ofNanos(200_000));

    for (int i = 1; i < left.size(); i++) {
      assertThat(left.get(i) - left.get(i - 1)).isLessThanOrEqualTo(3_000);
    }
  }

  @Test
  void aBurstDoesNotMakeATableBusy() {
    BatchFlow flow = flow(SHORT);

    Flux.range(0, 100).flatMap(id -> flow.submit(event(id)), 100).subscribe();
    time.advanceTimeBy(SHORT.multipliedBy(2));

    assertThat(writer.sizes()).containsExactly(1, 99);
    assertThat(assertBalanced(flow).written()).isEqualTo(100);
  }

  /**
   * Two writes for ten rows take 600 microseconds. Held, they would take more than a millisecond.
   */
  @Test
  void callersWhoSubmitAgainAreNotHeld() {
    BatchFlow flow = flow(SHORT);

    Flux.range(0, 1_000_000)
        .flatMap(
            id ->
                flow.submit(event(id)).then(Mono.delay(Duration.ofNanos(1_000L * (id % 50)), time)),
            10)
        .subscribe();
    for (int i = 0; i < 100_000; i++) {
      time.advanceTimeBy(Duration.ofNanos(10_000));
    }

    assertThat(flow.stats().ledger().written()).isGreaterThan(16_000);
  }

  @Test
  void rowsThatAreHeldLeaveWithAFlush() {
    BatchFlow flow = flow(SHORT);
    submit(flow, 1_000, Duration.ofNanos(200_000));
    while (flow.stats().writing() > 0 || flow.stats().queued() == 0) {
      time.advanceTimeBy(Duration.ofNanos(50_000));
      watch(flow.submit(event(next++)));
    }
    int attempts = writer.attempts();

    Rows.Probe<Void> flushed = watch(flow.flush());

    assertThat(writer.attempts()).isEqualTo(attempts + 1);
    time.advanceTimeBy(SHORT);
    assertThat(flushed.completions).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(next);
  }

  @Test
  void maxDelayOfZeroHoldsNothing() {
    BatchFlow flow =
        Rows.flow(writer.answeringAfter(SHORT, time), time)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ZERO).build())
            .concurrency(4)
            .build();

    submit(flow, 100, Duration.ofNanos(200_000));

    assertThat(writer.sizes()).containsOnly(1);
  }
}
