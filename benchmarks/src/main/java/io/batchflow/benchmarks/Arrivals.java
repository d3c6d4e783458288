package io.batchflow.benchmarks;

import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * A way to store single rows as they arrive.
 *
 * @param fastest the highest rate that it can keep up with, in rows per second
 * @param store stores the row with a number
 * @param writes returns the number of statements, commands or batches so far
 * @param end closes its resources
 */
record Arrivals(
    String name,
    int fastest,
    IntFunction<? extends Mono<?>> store,
    LongSupplier writes,
    Runnable end)
    implements AutoCloseable {

  static final String NOTHING = "no write at all";

  /** Stores nothing. Shows the cost of the measurement itself. */
  static Arrivals nothing() {
    return new Arrivals(NOTHING, Integer.MAX_VALUE, row -> Mono.empty(), () -> 0, () -> {});
  }

  @Override
  public void close() {
    end.run();
  }
}
