package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class LiveStreamTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private final LiveStream live =
      new LiveStream(
          () -> String.valueOf(taken.incrementAndGet()), restarts::incrementAndGet, time);

  @Test
  void allPagesShareOneSnapshotASecondAndNoneIsTakenWhileNobodyLooks() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    Disposable one = live.snapshots().subscribe(first::add);
    time.advanceTimeBy(Duration.ofMillis(500));
    Disposable other = live.snapshots().subscribe(second::add);
    time.advanceTimeBy(Duration.ofSeconds(2));
    one.dispose();
    other.dispose();
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(first).containsExactly("1", "2", "3");
    assertThat(second).containsExactly("2", "3");
    assertThat(taken).hasValue(3);
  }

  @Test
  void aPageThatReadsSlowlyMissesSnapshotsAndDelaysNoOther() {
    List<String> quick = new ArrayList<>();
    live.snapshots().subscribe(quick::add);

    StepVerifier.create(live.snapshots(), 0)
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(5)))
        .thenRequest(1)
        .expectNext("6")
        .thenCancel()
        .verify();
    assertThat(quick).hasSize(6);
  }

  @Test
  void eachStreamStartsAnew() {
    live.snapshots().subscribe().dispose();
    live.snapshots().subscribe().dispose();

    assertThat(restarts).hasValue(2);
  }

  @Test
  void aStopEndsOpenPages() {
    StepVerifier.create(live.snapshots())
        .then(() -> time.advanceTimeBy(Duration.ZERO))
        .expectNextCount(1)
        .then(live::stop)
        .verifyComplete();
    StepVerifier.create(live.snapshots()).verifyComplete();
  }
}
