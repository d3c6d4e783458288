package io.batchflow.tuning;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds within which a {@link SelfTuner} changes the policy of a table. Immutable and safe for
 * any thread.
 */
public final class Tuning {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Tuning DEFAULTS = builder().build();

  /** Not changed any more. */
  private final Builder options;

  private Tuning(Builder options) {
    this.options = options;
  }

  /** Returns the bounds with every option at its default. */
  public static Tuning defaults() {
    return DEFAULTS;
  }

  /** Starts bounds with every option at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the least {@link io.batchflow.BatchPolicy#maxSize()}. */
  public int minRows() {
    return options.minRows;
  }

  /** Returns the largest {@link io.batchflow.BatchPolicy#maxSize()}. */
  public int maxRows() {
    return options.maxRows;
  }

  /** Returns the most bytes of a batch; null for those of the policy of the table. */
  public @Nullable Long maxBytes() {
    return options.maxBytes;
  }

  /** Returns the least {@link io.batchflow.BatchPolicy#concurrency()}. */
  public int minSlots() {
    return options.minSlots;
  }

  /** Returns the largest {@link io.batchflow.BatchPolicy#concurrency()}. */
  public int maxSlots() {
    return options.maxSlots;
  }

  /** Returns how long a write may take. */
  public Duration latencyTarget() {
    return options.latencyTarget;
  }

  /** Returns the shortest time between two decisions. */
  public Duration period() {
    return options.period;
  }

  @Override
  public String toString() {
    return "Tuning[rows="
        + minRows()
        + ".."
        + maxRows()
        + ", slots="
        + minSlots()
        + ".."
        + maxSlots()
        + ", latencyTarget="
        + latencyTarget()
        + "]";
  }

  /**
   * Builds {@link Tuning}. Not safe for concurrent use. A value out of its bounds is refused with
   * {@link InvalidConfigurationException}.
   */
  public static final class Builder {

    private int minRows = 10;
    private int maxRows = 5_000;
    private @Nullable Long maxBytes;
    private int minSlots = 1;
    private int maxSlots = Integer.MAX_VALUE;
    private Duration latencyTarget = Duration.ofMillis(250);
    private Duration period = Duration.ofSeconds(1);

    private Builder() {}

    private Builder(Builder other) {
      this.minRows = other.minRows;
      this.maxRows = other.maxRows;
      this.maxBytes = other.maxBytes;
      this.minSlots = other.minSlots;
      this.maxSlots = other.maxSlots;
      this.latencyTarget = other.latencyTarget;
      this.period = other.period;
    }

    /**
     * Sets the bounds of the rows in a batch, at least 1. The flow's {@link
     * io.batchflow.BatchFlow.Builder#maxPending} is a further one: one batch more than the slots
     * always has room. Defaults to 10 and 5,000.
     */
    public Builder rows(int least, int most) {
      ordered("rows", least, most);
      this.minRows = least;
      this.maxRows = most;
      return this;
    }

    /**
     * Sets the most bytes in a batch, at least 1, by {@link io.batchflow.Row#estimatedBytes()}.
     * Defaults to those of the policy of the table.
     */
    public Builder maxBytes(long bytes) {
      if (bytes < 1) {
        throw new InvalidConfigurationException(
            "maxBytes", "is " + bytes, "Give a number of at least 1");
      }
      this.maxBytes = bytes;
      return this;
    }

    /**
     * Sets the bounds of the batches that are written at the same time, at least 1. Those of the
     * flow and of the {@linkplain io.batchflow.BatchPolicy#share() share} and {@linkplain
     * io.batchflow.BatchPolicy#reserved() reserved slots} of the table are further ones. Defaults
     * to 1 and the flow's.
     */
    public Builder slots(int least, int most) {
      ordered("slots", least, most);
      this.minSlots = least;
      this.maxSlots = most;
      return this;
    }

    private static void ordered(String option, int least, int most) {
      if (least < 1 || least > most) {
        throw new InvalidConfigurationException(
            option,
            "are from " + least + " to " + most,
            "Give a least number of at least 1, and a larger or equal one");
      }
    }

    /**
     * Sets how long the write of a batch may take. Batches are smaller if that is needed and helps:
     * not smaller than a batch that takes twice the time of an empty one. Longer than zero, at most
     * 10 minutes. Defaults to 250 milliseconds.
     */
    public Builder latencyTarget(Duration target) {
      this.latencyTarget = time("latencyTarget", target);
      return this;
    }

    /**
     * Sets the shortest time between two decisions. A period lasts longer until it has 32 batches.
     * Longer than zero, at most 10 minutes. Defaults to 1 second.
     */
    public Builder period(Duration period) {
      this.period = time("period", period);
      return this;
    }

    private static Duration time(String option, @Nullable Duration value) {
      if (value == null || value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
        throw new InvalidConfigurationException(
            option, "is " + value, "Give a time longer than zero and at most " + LONGEST);
      }
      return value;
    }

    /** Builds the bounds. */
    public Tuning build() {
      return new Tuning(new Builder(this));
    }
  }
}
