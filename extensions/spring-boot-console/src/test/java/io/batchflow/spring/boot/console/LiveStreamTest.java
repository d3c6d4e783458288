package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.node.JsonNodeFactory;

class LiveStreamTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private final LiveStream live =
      new LiveStream(
          () ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("name", "sales")
                  .put("taken", taken.incrementAndGet()),
          restarts::incrementAndGet,
          time);

  @Test
  void allPagesShareOneSnapshotASecondAndNoneIsTakenWhileNobodyLooks() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    Disposable one = events().subscribe(first::add);
    time.advanceTimeBy(Duration.ofMillis(500));
    Disposable other = events().subscribe(second::add);
    time.advanceTimeBy(Duration.ofSeconds(2));
    one.dispose();
    other.dispose();
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(first).containsExactly(whole(1), change(2), change(3));
    assertThat(second).containsExactly(whole(2), change(3));
    assertThat(taken).hasValue(3);
  }

  @Test
  void aPageThatReadsSlowlyMissesSecondsAndDelaysNoOther() {
    List<String> quick = new ArrayList<>();
    events().subscribe(quick::add);

    StepVerifier.create(events(), 0)
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(5)))
        .thenRequest(1)
        .expectNext(whole(6))
        .thenRequest(1)
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
        .expectNext(change(7))
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
        .thenRequest(1)
        .expectNext(whole(9))
        .thenCancel()
        .verify();
    assertThat(quick).hasSize(9);
  }

  @Test
  void eachStreamStartsAnew() {
    for (int i = 0; i < 2; i++) {
      List<String> events = new ArrayList<>();
      Disposable page = events().subscribe(events::add);
      time.advanceTimeBy(Duration.ZERO);
      page.dispose();
      assertThat(events).singleElement().asString().startsWith(Frame.WHOLE);
    }

    assertThat(restarts).hasValue(2);
  }

  @Test
  void aStopEndsOpenPages() {
    StepVerifier.create(events())
        .then(() -> time.advanceTimeBy(Duration.ZERO))
        .expectNextCount(1)
        .then(live::stop)
        .verifyComplete();
    StepVerifier.create(events()).verifyComplete();
  }

  private Flux<String> events() {
    return live.events().map(LiveStreamTest::text);
  }

  private static String text(ServerSentEvent<String> event) {
    return event.event() + " " + event.data();
  }

  private static String whole(int taken) {
    return "whole {\"name\":\"sales\",\"taken\":" + taken + "}";
  }

  private static String change(int taken) {
    return "change {\"taken\":" + taken + "}";
  }
}
