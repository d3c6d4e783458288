package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A load of ten rows per second, in virtual time. */
class ProgressTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow =
      Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).build();
  private final List<Progress> seen = new ArrayList<>();
  private boolean completed;

  private Flux<Row> rows(int number) {
    return Flux.interval(Duration.ofMillis(50), Duration.ofMillis(100), time)
        .take(number)
        .map(i -> event(i + 1));
  }

  private Disposable load(ProgressMeter meter, int rows) {
    return flow.submitAll(rows(rows)).transform(meter::follow).subscribe(outcome -> {}, e -> {});
  }

  private void watch(ProgressMeter meter) {
    meter.every(SECOND).subscribe(seen::add, error -> {}, () -> completed = true);
  }

  @Test
  void snapshotsComeByTheClockAndEndWithTheLoad() {
    ProgressMeter meter = flow.progressOf(25);
    watch(meter);
    load(meter, 25);

    time.advanceTimeBy(SECOND.multipliedBy(10));

    assertThat(seen).extracting(Progress::done).containsExactly(10L, 20L, 25L);
    assertThat(seen)
        .extracting(Progress::elapsed)
        .containsExactly(SECOND, SECOND.multipliedBy(2), Duration.ofMillis(2_450));
    assertThat(seen).extracting(Progress::rowsPerSecond).containsExactly(10.0, 10.0, 25 / 2.45);
    assertThat(seen)
        .extracting(Progress::remaining)
        .containsExactly(Duration.ofMillis(1_500), Duration.ofMillis(500), null);
    assertThat(seen).extracting(Progress::ended).containsExactly(false, false, true);
    assertThat(completed).isTrue();
  }

  @Test
  void everyOutcomeIsCountedAsWhatItIs() {
    writer.rejecting(row -> row.value("id").equals(3L));
    writer.failing(4, RecordingWriter.failure(FailureKind.UNKNOWN));
    ProgressMeter meter = flow.progress();
    watch(meter);

    load(meter, 5);
    time.advanceTimeBy(SECOND);

    Progress last = seen.get(seen.size() - 1);
    assertThat(last)
        .extracting(Progress::written, Progress::rejected, Progress::unknown, Progress::notSent)
        .containsExactly(3L, 1L, 1L, 0L);
    assertThat(last.done()).isEqualTo(5);
    assertThat(last.total()).isNull();
    assertThat(last.remaining()).isNull();
  }

  @Test
  void thePaceIsThatOfLateAndInTheEndOfAll() {
    ProgressMeter meter = flow.progressOf(100);
    watch(meter);
    Flux<Row> slowly =
        Flux.interval(Duration.ofMillis(500), SECOND, time).take(30).map(i -> event(i + 1));
    Flux<Row> fast = Flux.interval(Duration.ofMillis(10), time).take(70).map(i -> event(i));

    flow.submitAll(slowly.concatWith(fast)).transform(meter::follow).subscribe();
    time.advanceTimeBy(SECOND.multipliedBy(40));

    assertThat(seen.get(28).rowsPerSecond()).isEqualTo(1);
    assertThat(seen.get(28).remaining()).isEqualTo(SECOND.multipliedBy(71));
    assertThat(seen.get(seen.size() - 1).rowsPerSecond()).isEqualTo(100 / 30.2);
  }

  @Test
  void aSlowSubscriberGetsTheLatestAndTheLast() {
    ProgressMeter meter = flow.progress();
    BaseSubscriber<Progress> slow =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            request(1);
          }

          @Override
          protected void hookOnNext(Progress progress) {
            seen.add(progress);
          }

          @Override
          protected void hookOnComplete() {
            completed = true;
          }
        };
    meter.every(SECOND).subscribe(slow);
    load(meter, 55);

    time.advanceTimeBy(SECOND.multipliedBy(4));
    slow.request(1);
    time.advanceTimeBy(SECOND.multipliedBy(4));
    slow.request(10);

    assertThat(seen).extracting(Progress::done).containsExactly(10L, 40L, 50L, 55L);
    assertThat(completed).isTrue();
  }

  @Test
  void aLoadThatIsCancelledOrFailsHasEndedToo() {
    ProgressMeter cancelled = flow.progressOf(100);
    watch(cancelled);
    Disposable load = load(cancelled, 100);
    time.advanceTimeBy(Duration.ofMillis(1_500));
    load.dispose();
    assertThat(seen).extracting(Progress::ended).containsExactly(false, true);
    assertThat(seen.get(1).done()).isEqualTo(15);

    seen.clear();
    ProgressMeter failing = flow.progress();
    watch(failing);
    Flux<Row> broken = rows(3).concatWith(Flux.error(new IllegalStateException("broken")));
    StepVerifier.create(flow.submitAll(broken).transform(failing::follow))
        .then(() -> time.advanceTimeBy(SECOND))
        .expectNextCount(3)
        .verifyErrorMessage("broken");
    assertThat(seen).extracting(Progress::done).containsExactly(3L);
    assertThat(seen.get(0).ended()).isTrue();
  }

  @Test
  void theClosedFlowEndsWhatNoLoadEnds() {
    watch(flow.progress());
    time.advanceTimeBy(SECOND);
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).elapsed()).isZero();

    flow.close().subscribe();
    time.advanceTime();

    assertThat(completed).isTrue();
    assertThat(seen.get(1).ended()).isFalse();
  }

  @Test
  void aMeterFollowsOneLoad() {
    ProgressMeter meter = flow.progress();
    load(meter, 1);

    StepVerifier.create(flow.submitAll(rows(1)).transform(meter::follow))
        .verifyErrorMessage("A ProgressMeter measures one load. Create one for each load.");
    assertThatThrownBy(() -> meter.every(Duration.ZERO))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> flow.progressOf(-1)).isInstanceOf(InvalidConfigurationException.class);
  }
}
