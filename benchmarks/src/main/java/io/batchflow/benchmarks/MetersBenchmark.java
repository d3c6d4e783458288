package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Row;
import io.batchflow.micrometer.FlowMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
import reactor.core.publisher.Mono;

/** Measures the additional cost of a row when a registry has the flow's meters. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
public class MetersBenchmark {

  /** A flow with a writer that does nothing, with meters or without. */
  @State(Scope.Benchmark)
  public static class Flow {

    /** Whether a registry is attached. */
    @Param({"false", "true"})
    public boolean meters;

    private @Nullable BatchFlow flow;

    /** Opens the flow. */
    @Setup
    public void setUp() {
      BatchFlow.Builder builder =
          BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size())))
              .defaultPolicy(
                  BatchPolicy.builder().maxSize(Rows.RUN).maxDelay(Duration.ofMillis(10)).build())
              .maxPending(100_000)
              .maxPendingBytes(256L << 20);
      if (meters) {
        FlowMetrics metrics = FlowMetrics.create("benchmark");
        metrics.bindTo(new SimpleMeterRegistry());
        builder.listener(metrics);
      }
      flow = builder.build();
    }

    private BatchFlow flow() {
      return Objects.requireNonNull(flow, "flow");
    }

    /** Closes the flow. Fails the run if a row is not written. */
    @TearDown
    public void tearDown() {
      BatchFlow flow = flow();
      flow.close().block();
      if (flow.stats().ledger().written() != flow.stats().ledger().admitted()) {
        throw new IllegalStateException("Some rows were not written: " + flow.stats().ledger());
      }
    }
  }

  /** One producer of rows. */
  @State(Scope.Thread)
  public static class Producer {

    private final AtomicLong done = new AtomicLong();
    private final Rows<Row> rows =
        new Rows<>(Rows.ONE_TABLE, SubmitBenchmark.AHEAD, done, Function.identity());
  }

  /** Submits rows, each with its own subscriber that counts the outcome. */
  @Benchmark
  @OperationsPerInvocation(SubmitBenchmark.ROWS)
  public void batchflow(Flow state, Producer producer) {
    BatchFlow flow = state.flow();
    for (int i = 0; i < SubmitBenchmark.ROWS; i++) {
      flow.submit(producer.rows.next()).subscribe(new CountingSubscriber(producer.done));
    }
  }
}
