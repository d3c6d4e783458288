package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.benchmarks.FlowWriting.RowMaker;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.Tuning;
import io.batchflow.tuning.TuningState;
import java.time.Duration;
import java.util.Locale;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes rows by a flow whose table tunes itself, from 10 rows and one slot. */
final class TunedWriting implements Way.Writing, AutoCloseable {

  private static final BatchPolicy START = BatchPolicy.builder().maxSize(10).concurrency(1).build();

  private final Duration period;
  private final SelfTuner tuner;
  private final BatchFlow flow;
  private final Schema schema;
  private final RowMaker maker;

  TunedWriting(BatchWriter writer, Schema schema, RowMaker maker, int slots, Duration period) {
    this.period = period;
    this.schema = schema;
    this.maker = maker;
    this.tuner =
        SelfTuner.builder().table(schema.table(), Tuning.builder().period(period).build()).build();
    this.flow =
        BatchFlow.builder(writer)
            .defaultPolicy(START)
            .concurrency(Math.min(slots, writer.maxConcurrency()))
            .listener(tuner)
            .build();
    tuner.start(flow);
  }

  @Override
  public void write(int rows) {
    flow.submitAll(Flux.range(0, rows).map(number -> maker.of(schema, number)))
        .doOnNext(FlowWriting::check)
        .blockLast();
  }

  String describe() {
    TuningState state = tuner.states().get(0);
    return String.format(
        Locale.ROOT,
        "found: %,d rows, %d slots; a batch takes %.3f ms and %.3f us a row",
        state.rows(),
        state.slots(),
        state.fixedNanos() / 1e6,
        state.nanosPerRow() / 1e3);
  }

  /** Measures in how many periods it has fewer slots after the server became ten times as slow. */
  Figure backOff(ModelServer server, Duration settle) {
    Disposable load =
        flow.submitAll(Flux.range(0, Integer.MAX_VALUE).map(number -> maker.of(schema, number)))
            .subscribe();
    Mono.delay(settle).block();
    TuningState before = tuner.states().get(0);
    server.slow(10);
    long slowAt = System.nanoTime();
    Flux.interval(Duration.ofMillis(1))
        .onBackpressureDrop()
        .take(period.multipliedBy(10))
        .takeUntil(tick -> hasLess(before))
        .blockLast();
    double periods = (System.nanoTime() - slowAt) / (double) period.toNanos();
    server.slow(1);
    load.dispose();
    return new Figure("tuning")
        .with("contest", "Model_ten_times_as_slow")
        .with("slots_before", String.valueOf(before.slots()))
        .atMost("periods", periods, 1);
  }

  /** A table with one slot gets a smaller size. */
  private boolean hasLess(TuningState before) {
    TuningState now = tuner.states().get(0);
    return now.slots() < before.slots() || (before.slots() == 1 && now.rows() < before.rows());
  }

  @Override
  public void close() {
    tuner.dispose();
    flow.close().block();
  }
}
