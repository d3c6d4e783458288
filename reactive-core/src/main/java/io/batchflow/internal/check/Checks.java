package io.batchflow.internal.check;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of option values. Each message names the option. */
public final class Checks {

  private static final Duration LONGEST = Duration.ofDays(1);

  private Checks() {}

  public static <T> T given(String option, @Nullable T value) {
    if (value == null) {
      throw new InvalidConfigurationException(
          option, "is null", "Give a value, or do not set the option");
    }
    return value;
  }

  public static int positive(String option, int value) {
    return (int) positive(option, (long) value);
  }

  public static long positive(String option, long value) {
    if (value <= 0) {
      throw new InvalidConfigurationException(option, "is " + value, "Give a number of at least 1");
    }
    return value;
  }

  public static int atMost(String option, int value, int limit) {
    return (int) between(option, value, 1, limit);
  }

  public static long between(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a number from " + least + " to " + most);
    }
    return value;
  }

  public static double share(String option, double value) {
    if (!(value > 0 && value <= 1)) { // also not a number
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a number above 0, at most 1");
    }
    return value;
  }

  /** Checks that an option is at most another. */
  public static void notAbove(String option, int value, String other, int limit) {
    if (value > limit) {
      throw new InvalidConfigurationException(
          option,
          "(" + value + ") exceeds " + other + " (" + limit + ")",
          "Lower the one or raise the other");
    }
  }

  public static Duration positive(String option, Duration value) {
    if (notNegative(option, value).isZero()) {
      throw new InvalidConfigurationException(option, "is zero", "Give a time longer than zero");
    }
    return value;
  }

  /** Checks that rows do not expire in their window. */
  public static void shorter(Duration maxDelay, Duration deliveryTimeout) {
    if (maxDelay.compareTo(deliveryTimeout) >= 0) {
      throw new InvalidConfigurationException(
          "maxDelay",
          "(" + maxDelay + ") is not shorter than deliveryTimeout (" + deliveryTimeout + ")",
          "Rows would expire in their window: lower maxDelay or raise deliveryTimeout");
    }
  }

  public static Duration notNegative(String option, Duration value) {
    given(option, value);
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a time between zero and " + LONGEST);
    }
    return value;
  }
}
