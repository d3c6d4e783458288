package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What it costs to get a row in and its outcome back, with two producers and a writer that does
 * nothing. Each producer runs ahead of its outcomes by a bounded number of rows, so that the rate
 * of submissions is the rate of outcomes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
public class SubmitBenchmark {

  static final int ROWS = 1_000;
  private static final int BATCH = 1_000;
  private static final long AHEAD = 8_192;
  private static final List<Schema> ONE_TABLE = Rows.tables(1);

  /** BatchFlow with a writer that does nothing. */
  @State(Scope.Benchmark)
  public static class Flow {

    private BatchFlow flow = open();

    private static BatchFlow open() {
      return BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size())))
          .defaultPolicy(
              BatchPolicy.builder().maxSize(BATCH).maxDelay(Duration.ofMillis(10)).build())
          .maxPending(100_000)
          .maxPendingBytes(256L << 20)
          .build();
    }

    /** Opens the flow. */
    @Setup
    public void setUp() {
      flow = open();
    }

    /** Closes the flow: every row has its outcome, or the run fails. */
    @TearDown
    public void tearDown() {
      flow.close().block();
      if (!flow.stats().ledger().isBalanced()
          || flow.stats().ledger().written() != flow.stats().ledger().admitted()) {
        throw new IllegalStateException("Rows without an outcome: " + flow.stats());
      }
    }
  }

  /** The tables of both producers, a batch's worth of one after a batch's worth of another. */
  @State(Scope.Benchmark)
  public static class Tables {

    /** How many tables there are. */
    @Param("1")
    public int tables;

    private List<Schema> schemas = List.of();

    /** Makes the tables. */
    @Setup
    public void setUp() {
      schemas = Rows.tables(tables);
    }
  }

  /** One producer of rows for the flow. */
  @State(Scope.Thread)
  public static class Producer {

    private final AtomicLong done = new AtomicLong();
    private Rows rows = new Rows(ONE_TABLE, 1, AHEAD, done);

    /** Makes the rows. */
    @Setup
    public void setUp(Tables tables) {
      rows = new Rows(tables.schemas, BATCH, AHEAD, done);
    }
  }

  /** Submits rows, each with a subscriber of its own that counts its outcome. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void batchflow(Flow state, Producer producer) {
    for (int i = 0; i < ROWS; i++) {
      state.flow.submit(producer.rows.next()).subscribe(new Outcome(producer.done));
    }
  }

  /** Counts one outcome. */
  private static final class Outcome implements CoreSubscriber<WriteResult> {

    private final AtomicLong done;

    Outcome(AtomicLong done) {
      this.done = done;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(WriteResult result) {}

    @Override
    public void onError(Throwable error) {
      throw new IllegalStateException(error);
    }

    @Override
    public void onComplete() {
      done.incrementAndGet();
    }
  }

  /** A plain composition of operators that writes the same rows and reports no outcome. */
  @State(Scope.Benchmark)
  public static class Plain {

    private final Sinks.Many<PlainRow> sink = Sinks.many().unicast().onBackpressureBuffer();

    /** Opens the pipeline. */
    @Setup
    public void setUp() {
      sink.asFlux()
          .bufferTimeout(BATCH, Duration.ofMillis(10))
          .flatMap(Plain::write, 4)
          .subscribe();
    }

    private static Flux<BatchResult> write(List<PlainRow> buffer) {
      Map<Schema, List<PlainRow>> groups = new HashMap<>();
      for (PlainRow row : buffer) {
        groups.computeIfAbsent(row.request.schema(), schema -> new ArrayList<>()).add(row);
      }
      return Flux.fromIterable(groups.values())
          .flatMap(rows -> Mono.just(BatchResult.written(rows.size())))
          .doOnComplete(() -> buffer.forEach(row -> row.done.incrementAndGet()));
    }

    /** Ends the pipeline. */
    @TearDown
    public void tearDown() {
      sink.emitComplete(Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(5)));
    }
  }

  /** A row and the counter that lets its producer run on; it is made once, as the requests are. */
  private record PlainRow(Request request, AtomicLong done) {}

  /** One producer of rows for the plain composition. */
  @State(Scope.Thread)
  public static class PlainProducer {

    private final AtomicLong done = new AtomicLong();
    private final Rows rows = new Rows(ONE_TABLE, BATCH, AHEAD, done);
  }

  /** Emits rows, trying again while the other producer is emitting. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void plain(Plain state, PlainProducer producer) {
    for (int i = 0; i < ROWS; i++) {
      PlainRow row = new PlainRow(producer.rows.next(), producer.done);
      while (state.sink.tryEmitNext(row) != Sinks.EmitResult.OK) {
        Thread.onSpinWait();
      }
    }
  }

  /** Emits rows, each with a sink of its own that its outcome is told by. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void plainWithOutcome(PlainOutcomes state, PlainProducer producer) {
    for (int i = 0; i < ROWS; i++) {
      Sinks.Empty<WriteResult> outcome = Sinks.empty();
      outcome.asMono().subscribe(new Outcome(producer.done));
      SinkRow row = new SinkRow(producer.rows.next(), outcome);
      while (state.sink.tryEmitNext(row) != Sinks.EmitResult.OK) {
        Thread.onSpinWait();
      }
    }
  }

  /** A row and the sink that its outcome is told by. */
  private record SinkRow(Request request, Sinks.Empty<WriteResult> outcome) {}

  /** The plain composition, with an outcome told by a sink for each row. */
  @State(Scope.Benchmark)
  public static class PlainOutcomes {

    private final Sinks.Many<SinkRow> sink = Sinks.many().unicast().onBackpressureBuffer();

    /** Opens the pipeline. */
    @Setup
    public void setUp() {
      sink.asFlux()
          .bufferTimeout(BATCH, Duration.ofMillis(10))
          .flatMap(PlainOutcomes::write, 4)
          .subscribe();
    }

    private static Flux<BatchResult> write(List<SinkRow> buffer) {
      Map<Schema, List<SinkRow>> groups = new HashMap<>();
      for (SinkRow row : buffer) {
        groups.computeIfAbsent(row.request.schema(), schema -> new ArrayList<>()).add(row);
      }
      return Flux.fromIterable(groups.values())
          .flatMap(rows -> Mono.just(BatchResult.written(rows.size())))
          .doOnComplete(() -> buffer.forEach(row -> row.outcome.tryEmitEmpty()));
    }

    /** Ends the pipeline. */
    @TearDown
    public void tearDown() {
      sink.emitComplete(Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(5)));
    }
  }
}
