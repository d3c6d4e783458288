package io.batchflow.benchmarks;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Callers who ask for one item each, and for the next one as soon as they have the answer. */
final class CallLoop {

  /**
   * What a round measured.
   *
   * @param latency of a call, in nanoseconds
   * @param wrong how many answers were not those of their calls
   */
  record Measured(Histogram latency, double seconds, long wrong) {

    double callsPerSecond() {
      return latency.getTotalCount() / seconds;
    }

    double millis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e6;
    }
  }

  private static final int DIGITS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final int callers;
  private final long items;
  private final LongFunction<Mono<Long>> find;

  /**
   * @param items the ids are 1 to this
   * @param find returns the id of the item that was found for an id
   */
  CallLoop(int callers, long items, LongFunction<Mono<Long>> find) {
    this.callers = callers;
    this.items = items;
    this.find = find;
  }

  Measured run(Duration length) {
    Histogram latency = new ConcurrentHistogram(DIGITS);
    AtomicLong wrong = new AtomicLong();
    long start = System.nanoTime();
    long end = start + length.toNanos();
    Flux.range(0, callers)
        .flatMap(caller -> call(latency, wrong).repeat(() -> System.nanoTime() < end), callers)
        .blockLast(PATIENCE);
    return new Measured(latency, (System.nanoTime() - start) / 1e9, wrong.get());
  }

  private Mono<Long> call(Histogram latency, AtomicLong wrong) {
    return Mono.defer(
        () -> {
          long id = ThreadLocalRandom.current().nextLong(1, items + 1);
          long start = System.nanoTime();
          return find.apply(id)
              .defaultIfEmpty(-1L)
              .doOnNext(
                  found -> {
                    latency.recordValue(System.nanoTime() - start);
                    wrong.addAndGet(found == id ? 0 : 1);
                  });
        });
  }
}
