package io.batchflow.benchmarks;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Row;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Control;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Measures whether a row costs more if the queue is longer. A batch is answered only while a given
 * number of rows is queued behind it, so the queue keeps its length. Producers have the same slack
 * at every length, so they wait equally seldom.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
public class QueueBenchmark {

  /** A flow whose writer answers a batch only if enough rows are queued behind it. */
  @State(Scope.Benchmark)
  public static class LongQueue {

    /** The number of rows in the flow. */
    @Param({"1000", "10000", "100000"})
    public int queued;

    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private volatile long standing;
    private final BatchFlow flow = open();

    private record Held(int size, MonoSink<BatchResult> verdict) {}

    private BatchFlow open() {
      return BatchFlow.builder(this::write)
          .defaultPolicy(
              BatchPolicy.builder()
                  .maxSize(SubmitBenchmark.BATCH)
                  .maxDelay(Duration.ofMillis(10))
                  .build())
          .maxPending(200_000)
          .maxPendingBytes(256L << 20)
          .build();
    }

    private Mono<BatchResult> write(Batch batch) {
      return Mono.create(
          verdict -> {
            held.add(new Held(batch.size(), verdict));
            answer();
          });
    }

    private void answer() {
      while (submitted.get() - answered.get() >= standing + SubmitBenchmark.BATCH) {
        Held next = held.poll();
        if (next == null) {
          return;
        }
        answered.addAndGet(next.size);
        next.verdict.success(BatchResult.written(next.size));
      }
    }

    /** Sets the length of the queue. */
    @Setup(Level.Iteration)
    public void setUp() {
      standing = queued;
    }

    /** Answers all batches, also those to come in this iteration. */
    private void letGo() {
      standing = Long.MIN_VALUE / 2;
      answer();
    }

    /** Closes the flow. Fails the run if a row is not written. */
    @TearDown
    public void tearDown() {
      letGo();
      flow.close().block();
      if (flow.stats().ledger().written() != flow.stats().ledger().admitted()) {
        throw new IllegalStateException("Some rows were not written: " + flow.stats().ledger());
      }
    }
  }

  /** One producer of rows. It may run ahead by its share of the queue and the usual slack. */
  @State(Scope.Thread)
  public static class Producer {

    private final AtomicLong done = new AtomicLong();
    private Rows<Row> rows = new Rows<>(Rows.ONE_TABLE, 0, done, Function.identity());

    /** Creates the rows. */
    @Setup
    public void setUp(LongQueue state) {
      long ahead = state.queued / 2 + SubmitBenchmark.AHEAD;
      rows = new Rows<>(Rows.ONE_TABLE, ahead, done, Function.identity());
    }
  }

  /** Submits rows, while as many leave the other end of the queue. */
  @Benchmark
  @OperationsPerInvocation(SubmitBenchmark.ROWS)
  public void batchflow(LongQueue state, Producer producer, Control control) {
    if (control.stopMeasurement) {
      state.letGo(); // a producer may have ended, and the other one alone cannot fill the queue
    }
    for (int i = 0; i < SubmitBenchmark.ROWS; i++) {
      state.flow.submit(producer.rows.next()).subscribe(new CountingSubscriber(producer.done));
    }
    state.submitted.addAndGet(SubmitBenchmark.ROWS);
    state.answer();
  }
}
