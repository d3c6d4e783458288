package io.batchflow.benchmarks;

import io.batchflow.BatchResult;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/**
 * The peers of {@link SubmitBenchmark}: the same rows, producers and batches in a plain composition
 * of operators. Rows are grouped inside the buffer, as {@code groupBy} hangs if there are more
 * groups than the concurrency.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
public class PlainBenchmark {

  /** A row that is notified when it is written. */
  private interface PlainRow {

    Row row();

    void written();
  }

  /** A row without an outcome. The counter only lets the producer continue. */
  private record SilentRow(Row row, AtomicLong done) implements PlainRow {

    @Override
    public void written() {
      done.incrementAndGet();
    }
  }

  /** A row with its own sink for the outcome. */
  private record SinkRow(Row row, Sinks.Empty<WriteResult> outcome) implements PlainRow {

    @Override
    public void written() {
      outcome.tryEmitEmpty();
    }
  }

  /** The composition of operators, with a write that does nothing. */
  @State(Scope.Benchmark)
  public static class Pipeline {

    private final Sinks.Many<PlainRow> sink = Sinks.many().unicast().onBackpressureBuffer();

    /** Opens the pipeline. */
    public Pipeline() {
      sink.asFlux()
          .bufferTimeout(SubmitBenchmark.BATCH, Duration.ofMillis(10))
          .flatMap(Pipeline::write, 4)
          .subscribe();
    }

    private static Flux<BatchResult> write(List<PlainRow> buffer) {
      Map<Schema, List<PlainRow>> groups = new HashMap<>();
      for (PlainRow plain : buffer) {
        groups.computeIfAbsent(plain.row().schema(), schema -> new ArrayList<>()).add(plain);
      }
      return Flux.fromIterable(groups.values())
          .flatMap(rows -> Mono.just(BatchResult.written(rows.size())))
          .doOnComplete(() -> buffer.forEach(PlainRow::written));
    }

    /** Retries while the other producer is emitting. */
    private void emit(PlainRow plain) {
      EmitResult result = sink.tryEmitNext(plain);
      while (result == EmitResult.FAIL_NON_SERIALIZED) {
        Thread.onSpinWait();
        result = sink.tryEmitNext(plain);
      }
      result.orThrow();
    }

    /** Ends the pipeline. */
    @TearDown
    public void tearDown() {
      sink.emitComplete(Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(5)));
    }
  }

  /** One producer of rows without outcomes. */
  @State(Scope.Thread)
  public static class Producer {

    private final AtomicLong done = new AtomicLong();
    private final Rows<PlainRow> rows =
        new Rows<>(Rows.ONE_TABLE, SubmitBenchmark.AHEAD, done, row -> new SilentRow(row, done));
  }

  /** One producer of rows with outcomes. */
  @State(Scope.Thread)
  public static class AwaitingProducer {

    private final AtomicLong done = new AtomicLong();
    private final Rows<Row> rows =
        new Rows<>(Rows.ONE_TABLE, SubmitBenchmark.AHEAD, done, Function.identity());
  }

  /** Emits rows. */
  @Benchmark
  @OperationsPerInvocation(SubmitBenchmark.ROWS)
  public void plain(Pipeline pipeline, Producer producer) {
    for (int i = 0; i < SubmitBenchmark.ROWS; i++) {
      pipeline.emit(producer.rows.next());
    }
  }

  /** Emits rows, each with its own sink for the outcome. */
  @Benchmark
  @OperationsPerInvocation(SubmitBenchmark.ROWS)
  public void plainWithOutcome(Pipeline pipeline, AwaitingProducer producer) {
    for (int i = 0; i < SubmitBenchmark.ROWS; i++) {
      Sinks.Empty<WriteResult> outcome = Sinks.empty();
      outcome.asMono().subscribe(new CountingSubscriber(producer.done));
      pipeline.emit(new SinkRow(producer.rows.next(), outcome));
    }
  }
}
