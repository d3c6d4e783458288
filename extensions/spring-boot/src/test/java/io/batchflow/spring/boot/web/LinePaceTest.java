package io.batchflow.spring.boot.web;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class LinePaceTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void aSilentUploadEnds() {
    StepVerifier.withVirtualTime(
            () -> LinePace.enforce(Flux.just("a").concatWith(Flux.never()), TIMEOUT))
        .expectNext("a")
        .thenAwait(TIMEOUT.multipliedBy(2))
        .expectErrorMatches(
            failure ->
                failure instanceof NdjsonException slow && slow.getStatusCode().value() == 408)
        .verify();
  }

  @Test
  void aSlowUploadWithAllItsLinesInTimeDoesNotEnd() {
    StepVerifier.withVirtualTime(
            () ->
                LinePace.enforce(
                    Flux.interval(TIMEOUT.minusMillis(1)).take(20).map(String::valueOf), TIMEOUT))
        .thenAwait(TIMEOUT.multipliedBy(20))
        .expectNextCount(20)
        .verifyComplete();
  }

  @Test
  void anUploadThatMustWaitForTheFlowDoesNotEnd() {
    StepVerifier.withVirtualTime(() -> LinePace.enforce(Flux.just("a", "b"), TIMEOUT), 1)
        .expectNext("a")
        .thenAwait(TIMEOUT.multipliedBy(100))
        .thenRequest(1)
        .expectNext("b")
        .verifyComplete();
  }
}
