package io.batchflow.spring.boot.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends an upload that is slower than it must be. While the flow has no room nothing is requested,
 * and the upload may wait.
 */
final class LinePace {

  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  /** The number of lines at the last check; -1 if none was requested then. */
  private long awaitedSince = -1;

  private LinePace() {}

  /** Fails with an {@link NdjsonException} after the timeout, or up to twice that time. */
  static <T> Flux<T> enforce(Flux<T> lines, Duration timeout) {
    return Flux.defer(
        () -> {
          LinePace pace = new LinePace();
          return lines
              .doOnNext(line -> pace.received.incrementAndGet())
              .doOnRequest(pace::request)
              .takeUntilOther(pace.tooSlow(timeout));
        });
  }

  private void request(long n) {
    requested.accumulateAndGet(n, (sum, more) -> sum + more < 0 ? Long.MAX_VALUE : sum + more);
  }

  private <T> Mono<T> tooSlow(Duration timeout) {
    return Flux.interval(timeout)
        .filter(tick -> isStalled())
        .next()
        .flatMap(
            tick ->
                Mono.error(
                    () ->
                        new NdjsonException(
                            HttpStatus.REQUEST_TIMEOUT,
                            "No line arrived within %d ms.".formatted(timeout.toMillis()))));
  }

  private boolean isStalled() {
    long now = received.get();
    boolean stalled = awaitedSince == now;
    awaitedSince = requested.get() > now ? now : -1;
    return stalled;
  }
}
