package io.batchflow.health;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.internal.check.Checks;
import java.time.Duration;

/**
 * When a flow counts as degraded, and when as down: see {@link FlowHealth}. Immutable and safe for
 * any thread.
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

  /** Returns the part of the flow's room that may be taken, from 0 to 1. */
  public double maxFullness() {
    return maxFullness;
  }

  /** Returns how late a row may be, beyond what its table's policy lets it wait for others. */
  public Duration maxAge() {
    return maxAge;
  }

  /** Returns how long every write must have failed for the flow to be down. */
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
     * Sets the part of {@link io.batchflow.BatchFlow.Builder#maxPending} or {@link
     * io.batchflow.BatchFlow.Builder#maxPendingBytes} that may be taken; beyond it, the flow is
     * degraded. 1 never is. Defaults to 0.8.
     *
     * @throws InvalidConfigurationException unless over 0 and at most 1
     */
    public Builder maxFullness(double maxFullness) {
      if (!(maxFullness > 0 && maxFullness <= 1)) {
        throw new InvalidConfigurationException(
            "maxFullness", "is " + maxFullness, "Give a number over 0 and at most 1");
      }
      this.maxFullness = maxFullness;
      return this;
    }

    /**
     * Sets how long a row may go without an end, beyond the {@link
     * io.batchflow.BatchPolicy#maxDelay()} of its table; then the flow is degraded. Defaults to 30
     * seconds.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder maxAge(Duration maxAge) {
      this.maxAge = Checks.positive("maxAge", maxAge);
      return this;
    }

    /**
     * Sets how long every write must have failed for a degraded flow to be down. After a last
     * failure as long ago, with nothing in flight, the flow is taken to be well again: no row would
     * come to show it. Defaults to a minute.
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
