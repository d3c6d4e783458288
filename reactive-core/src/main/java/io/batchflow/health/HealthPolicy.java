package io.batchflow.health;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.internal.check.Checks;
import java.time.Duration;

/**
 * Defines when a flow is degraded and when it is down: see {@link FlowHealth}. Immutable and
 * thread-safe.
 */
public final class HealthPolicy {

  private static final HealthPolicy DEFAULTS = builder().build();

  private final double maxFullness;
  private final Duration maxAge;
  private final Duration downAfter;

  private HealthPolicy(Builder builder) {
    this.maxFullness = builder.maxFullness;
    this.maxAge = builder.maxAge;
    this.downAfter = builder.downAfter;
  }

  /** Returns the policy with every option at its default. */
  public static HealthPolicy defaults() {
    return DEFAULTS;
  }

  /** Starts a policy with every option at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the share of the flow's room that may be used, from 0 to 1. */
  public double maxFullness() {
    return maxFullness;
  }

  /** Returns how long a row may go without an outcome, beyond the {@code maxDelay} of its table. */
  public Duration maxAge() {
    return maxAge;
  }

  /** Returns how long all writes must have failed before the flow is down. */
  public Duration downAfter() {
    return downAfter;
  }

  /** Builds a {@link HealthPolicy}. Not safe for concurrent use. */
  public static final class Builder {

    private double maxFullness = 0.8;
    private Duration maxAge = Duration.ofSeconds(30);
    private Duration downAfter = Duration.ofMinutes(1);

    private Builder() {}

    /**
     * Sets the share of {@link io.batchflow.BatchFlow.Builder#maxPending} or {@link
     * io.batchflow.BatchFlow.Builder#maxPendingBytes} that may be used. Above it the flow is
     * degraded. 1 disables the check. Defaults to 0.8.
     *
     * @throws InvalidConfigurationException unless greater than 0 and at most 1
     */
    public Builder maxFullness(double maxFullness) {
      if (!(maxFullness > 0 && maxFullness <= 1)) {
        throw new InvalidConfigurationException(
            "maxFullness", "is " + maxFullness, "Give a number greater than 0 and at most 1");
      }
      this.maxFullness = maxFullness;
      return this;
    }

    /**
     * Sets how long a row may go without an outcome, beyond the {@link
     * io.batchflow.BatchPolicy#maxDelay()} of its table. After that the flow is degraded. Defaults
     * to 30 seconds.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder maxAge(Duration maxAge) {
      this.maxAge = Checks.positive("maxAge", maxAge);
      return this;
    }

    /**
     * Sets how long all writes must have failed before the flow is down. If no write is in flight
     * and the last failure is longer ago than this, the flow counts as up again, since no traffic
     * may arrive to prove it. Defaults to 1 minute.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder downAfter(Duration downAfter) {
      this.downAfter = Checks.positive("downAfter", downAfter);
      return this;
    }

    /** Builds the policy. */
    public HealthPolicy build() {
      return new HealthPolicy(this);
    }
  }
}
