package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.health.HealthPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** The properties of one flow, over those of all flows. */
final class FlowSettings {

  // Those of the library, which a property replaces one by one.
  static final RetryBackoffSpec RETRY =
      Retry.backoff(3, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(5));
  static final int RETRY_BUDGET = 100;
  static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

  final String flow;

  /** Later ones win. */
  private final List<FlowProperties> layers;

  private FlowSettings(String flow, List<FlowProperties> layers) {
    this.flow = flow;
    this.layers = layers;
  }

  static FlowSettings of(String flow, BatchFlowProperties properties) {
    return new FlowSettings(
        flow,
        Stream.of(properties.defaults(), properties.flows().get(flow))
            .filter(Objects::nonNull)
            .toList());
  }

  void applyTo(BatchFlow.Builder builder) {
    layers.forEach(layer -> layer.applyTo(builder));
    builder.retry(retry());
    Integer budget = option(layer -> layer.retry().budget());
    Duration period = option(layer -> layer.retry().budgetPeriod());
    builder.retryBudget(
        Objects.requireNonNullElse(budget, RETRY_BUDGET),
        Objects.requireNonNullElse(period, RETRY_PERIOD));
    HealthPolicy.Builder health = HealthPolicy.builder();
    layers.forEach(layer -> layer.health().applyTo(health));
    builder.healthPolicy(health.build());
    builder.defaultPolicy(policy(null));
    layers.stream()
        .flatMap(layer -> layer.tables().keySet().stream())
        .distinct()
        .forEach(table -> builder.policy(table, policy(table)));
  }

  /** Returns an option of the flow, or else of all flows; null if neither has it. */
  <T> @Nullable T option(Function<FlowProperties, @Nullable T> option) {
    T last = null;
    for (FlowProperties layer : layers) {
      T value = option.apply(layer);
      last = value == null ? last : value;
    }
    return last;
  }

  private RetryBackoffSpec retry() {
    RetryBackoffSpec retry = RETRY;
    for (FlowProperties layer : layers) {
      retry = layer.retry().applyTo(retry);
    }
    return retry;
  }

  private BatchPolicy policy(@Nullable String table) {
    BatchPolicy.Builder builder = BatchPolicy.builder();
    layers.forEach(layer -> layer.policy().applyTo(builder));
    layers.stream()
        .map(layer -> layer.tables().get(table))
        .filter(Objects::nonNull)
        .forEach(own -> own.applyTo(builder));
    return builder.build();
  }
}
