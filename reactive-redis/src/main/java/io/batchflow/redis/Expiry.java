package io.batchflow.redis;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When keys expire: never, after a fixed time, or after a time that each row has in a column.
 *
 * @param fixed the time; null if a column has it
 * @param column the column; null if the time is fixed
 */
record Expiry(@Nullable Duration fixed, @Nullable String column) {

  static final Expiry NEVER = new Expiry(null, null);

  static final long NONE = 0;

  /** Redis adds the time to live to the current time. */
  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE / 2);

  static Expiry after(Duration time) {
    if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationException(
          "expireAfter", "is " + time, "Give a time from a millisecond to " + LONGEST);
    }
    return new Expiry(time, null);
  }

  boolean isNever() {
    return fixed == null && column == null;
  }

  /** Returns a row's time in milliseconds; {@link #NONE} if the row has none. */
  @FunctionalInterface
  interface Millis {

    long of(Row row);
  }

  Millis bind(SchemaBinding binding) {
    if (column == null) {
      long millis = fixed == null ? NONE : fixed.toMillis();
      return row -> millis;
    }
    int position = binding.position(column);
    return row -> {
      Object value = row.value(position);
      return value == null ? NONE : millis(binding, column, value);
    };
  }

  private static long millis(SchemaBinding binding, String column, Object value) {
    long millis;
    try {
      if (value instanceof Duration time) {
        millis = time.toMillis();
      } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
        millis = Math.multiplyExact(((Number) value).longValue(), 1_000L);
      } else {
        throw RedisWriteException.badValue(
            binding.schema(),
            column,
            "has a " + value.getClass().getSimpleName() + " for a time to live",
            "Give a Duration or a whole number of seconds",
            null);
      }
    } catch (ArithmeticException tooLong) {
      millis = Long.MAX_VALUE;
    }
    if (millis <= 0 || millis > LONGEST.toMillis()) {
      throw RedisWriteException.badValue(
          binding.schema(),
          column,
          millis <= 0 ? "has a time to live below a millisecond" : "has too long a time to live",
          "Give a positive time, or leave it unset for none",
          null);
    }
    return millis;
  }
}
