package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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

/**
 * Measures the cost of a row from its submission to its outcome, with two producers and a writer
 * that does nothing. Each producer runs ahead of its outcomes by a bounded number of rows, so the
 * rate of submissions equals the rate of outcomes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
public class SubmitBenchmark {

  static final int ROWS = 1_000;
  static final int BATCH = Rows.RUN;
  static final long AHEAD = 8_192;

  /** BatchFlow with a writer that does nothing. */
  @State(Scope.Benchmark)
  public static class Flow {

    /** The number of tables. */
    @Param({"1", "10", "1000"})
    public int tables;

    private List<Schema> schemas = List.of();
    private BatchFlow flow = open();

    private static BatchFlow open() {
      return BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size())))
          .defaultPolicy(
              BatchPolicy.builder().maxSize(BATCH).maxDelay(Duration.ofMillis(10)).build())
          .maxPending(100_000)
          .maxPendingBytes(256L << 20)
          .build();
    }

    /** Creates the tables. */
    @Setup
    public void setUp() {
      schemas = Rows.tables(tables);
    }

    /**
     * Closes the flow. Fails the run if a row is not written or batches are not as full as
     * expected.
     */
    @TearDown
    public void tearDown() {
      flow.close().block();
      FlowStats stats = flow.stats();
      long written = stats.ledger().written();
      if (written != stats.ledger().admitted()) {
        throw new IllegalStateException("Some rows were not written: " + stats.ledger());
      }
      if (written < stats.batches() * BATCH / 2) {
        throw new IllegalStateException(written + " rows in " + stats.batches() + " batches");
      }
    }
  }

  /** One producer of rows for the flow. */
  @State(Scope.Thread)
  public static class Producer {

    private final AtomicLong done = new AtomicLong();
    private Rows<Row> rows = new Rows<>(Rows.ONE_TABLE, AHEAD, done, Function.identity());

    /** Creates the rows. */
    @Setup
    public void setUp(Flow state) {
      rows = new Rows<>(state.schemas, AHEAD, done, Function.identity());
    }
  }

  /** Submits rows, each with its own subscriber that counts the outcome. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void batchflow(Flow state, Producer producer) {
    for (int i = 0; i < ROWS; i++) {
      state.flow.submit(producer.rows.next()).subscribe(new CountingSubscriber(producer.done));
    }
  }
}
