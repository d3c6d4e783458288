package io.batchflow.r2dbc.retention;

import io.batchflow.FlowView;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.lease.Lease;
import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The options of a {@link Retention}. Not changed after it is built. */
final class RetentionOptions {

  private static final Duration YIELD = Duration.ofMillis(100);

  /** So that a flow that is always busy does not keep rows forever. */
  private static final int MOST_YIELDS = 50;

  int batchSize = 5_000;
  Duration batchTime = Duration.ofMillis(50);
  double load = 0.25;
  String leaseName = "batchflow retention";
  UnaryOperator<Lease.Builder> lease = UnaryOperator.identity();
  RetentionListener listener = new RetentionListener() {};
  Scheduler scheduler = Schedulers.parallel();
  @Nullable FlowView flow;

  RetentionOptions() {}

  RetentionOptions(RetentionOptions other) {
    this.batchSize = other.batchSize;
    this.batchTime = other.batchTime;
    this.load = other.load;
    this.leaseName = other.leaseName;
    this.lease = other.lease;
    this.listener = other.listener;
    this.scheduler = other.scheduler;
    this.flow = other.flow;
  }

  /** Completes when the next transaction may begin. */
  Mono<Void> turn() {
    FlowView yieldTo = flow;
    return yieldTo == null
        ? Mono.empty()
        : Flux.interval(Duration.ZERO, YIELD, scheduler)
            .onBackpressureDrop()
            .take(MOST_YIELDS)
            .takeWhile(tick -> isBusy(yieldTo.stats()))
            .then();
  }

  private static boolean isBusy(FlowStats stats) {
    return stats.waiting() > 0 || stats.queued() + stats.inFlight() > stats.capacity() / 2;
  }

  static <T extends Comparable<T>> T between(String option, T value, T least, T most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a value from " + least + " to " + most);
    }
    return value;
  }
}
