package io.batchflow.quota;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The meters of a {@link ThrottledFlow}. Their tags are {@code flow}, and {@code quota}: {@code
 * user}, {@code tenant} or {@code table}. No tag names a user, a tenant or a table. Immutable and
 * thread-safe.
 */
public final class QuotaMetrics implements MeterBinder {

  private static final String ROWS = "rows";

  private final String flow;
  private final Limits limits;

  private QuotaMetrics(String flow, Limits limits) {
    this.flow = flow;
    this.limits = limits;
  }

  /**
   * Creates the meters.
   *
   * @param flow the value of the tag {@code flow}; must be unique in a registry
   */
  public static QuotaMetrics of(String flow, ThrottledFlow throttled) {
    return new QuotaMetrics(Objects.requireNonNull(flow, "flow"), throttled.limits());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Scope scope : Scope.values()) {
      bind(registry, limits.of(scope), Tags.of("flow", flow, "quota", scope.word()));
    }
  }

  private static void bind(MeterRegistry registry, Allowances allowances, Tags tags) {
    FunctionCounter.builder(
            "batchflow.quota.refused", allowances, counts -> counts.refused.doubleValue())
        .tags(tags)
        .baseUnit(ROWS)
        .description("Rows and units that a quota refused")
        .register(registry);
    FunctionTimer.builder(
            "batchflow.quota.wait",
            allowances,
            counts -> counts.delayed.sum(),
            counts -> counts.delayedNanos.doubleValue(),
            TimeUnit.NANOSECONDS)
        .tags(tags)
        .description("Rows and units that had to wait for a quota, and for how long")
        .register(registry);
    Gauge.builder("batchflow.quota.names", allowances, Allowances::size)
        .tags(tags)
        .baseUnit("names")
        .description("Names without a quota of their own whose use is remembered")
        .register(registry);
  }
}
