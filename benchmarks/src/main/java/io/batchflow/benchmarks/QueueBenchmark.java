package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Whether a row costs more the longer the queue is: the writer holds its first batch until all rows
 * are queued behind it, and answers the rest at once. Every invocation moves the same number of
 * rows, in rounds as long as the queue.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class QueueBenchmark {

  static final int ROWS = 100_000;

  /** How many rows are queued before the writer answers. */
  @Param({"1000", "10000", "100000"})
  public int queued;

  private Request[] rows = new Request[0];
  private BatchFlow flow = BatchFlow.builder(this::write).build();
  private volatile Sinks.Empty<BatchResult> gate = Sinks.empty();

  private Mono<BatchResult> write(io.batchflow.Batch batch) {
    return gate.asMono().thenReturn(BatchResult.written(batch.size()));
  }

  /** Opens the flow and makes the rows. */
  @Setup
  public void setUp() {
    Schema table = Rows.tables(1).get(0);
    rows = new Request[queued];
    for (int i = 0; i < queued; i++) {
      rows[i] = Rows.row(table, i);
    }
    flow =
        BatchFlow.builder(this::write)
            .concurrency(1)
            .defaultPolicy(
                BatchPolicy.builder().maxSize(500).maxDelay(Duration.ofSeconds(10)).build())
            .maxPending(200_000)
            .maxPendingBytes(256L << 20)
            .build();
  }

  /** Closes the flow. */
  @TearDown
  public void tearDown() {
    flow.close().block();
  }

  /** Queues rows, lets them go, and waits for the last outcome. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void batchflow() {
    for (int round = 0; round < ROWS / queued; round++) {
      gate = Sinks.empty();
      for (Request row : rows) {
        flow.submit(row).subscribe();
      }
      gate.tryEmitEmpty();
      flow.flush().block();
    }
  }
}
