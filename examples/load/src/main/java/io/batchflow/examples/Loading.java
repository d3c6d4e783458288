package io.batchflow.examples;

import io.batchflow.BatchFlow;
import java.time.Duration;
import reactor.core.scheduler.Schedulers;

/** Sends the rows of a source through a flow. */
final class Loading {

  private Loading() {}

  /**
   * Loads until the source ends or the load is interrupted. Returns when every row has its outcome.
   */
  static Tally run(BatchFlow flow, Source source, Table table, Interruption interruption) {
    Tally tally = new Tally();
    long start = System.nanoTime();
    try (LoadBar bar = LoadBar.of(source.size())) {
      flow.submitAll(
              source
                  .rows(table.schema(), table.types(), tally.rejections())
                  // Reading may block. The threads of the flow must not.
                  .subscribeOn(Schedulers.boundedElastic())
                  .takeUntilOther(interruption.signal()))
          .doOnNext(
              outcome -> {
                tally.add(outcome);
                bar.to(tally.ended());
                if (tally.failure() != null) {
                  interruption.interrupt();
                }
              })
          .blockLast();
      bar.to(tally.ended());
    }
    tally.end(Duration.ofNanos(System.nanoTime() - start), flow.stats().batches());
    return tally;
  }
}
