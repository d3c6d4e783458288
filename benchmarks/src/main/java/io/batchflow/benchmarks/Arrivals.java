package io.batchflow.benchmarks;

import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * A way to store single rows as they come.
 *
 * @param fastest the highest rate that it can keep up with, in rows a second
 * @param store stores the row of a number
 * @param writes tells how many statements, commands or batches it has sent
 * @param end frees what it holds
 */
record Arrivals(
    String name,
    int fastest,
    IntFunction<? extends Mono<?>> store,
    LongSupplier writes,
    Runnable end)
    implements AutoCloseable {

  static final String NOTHING = "no write at all";

  /** What the measuring itself costs. */
  static Arrivals nothing() {
    return new Arrivals(NOTHING, Integer.MAX_VALUE, row -> Mono.empty(), () -> 0, () -> {});
  }

  @Override
  public void close() {
    end.run();
  }
}
