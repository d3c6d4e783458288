package io.batchflow.sql.dialect;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Converts the Java types of one kind of value to a single type. */
final class ValueNormalizer {

  /** Above this scale, a decimal is written with an exponent: 1E+100000 is short as it is. */
  private static final int PLAIN_SCALE = 1_000;

  private ValueNormalizer() {}

  /** Returns a decimal without an exponent, unless its zeros might take gigabytes. */
  static String text(BigDecimal decimal) {
    return isShort(decimal) ? decimal.toPlainString() : decimal.toString();
  }

  static boolean isShort(BigDecimal decimal) {
    return Math.abs((long) decimal.scale()) <= PLAIN_SCALE;
  }

  static Object of(Object value) {
    if (value instanceof CharSequence || value instanceof Character) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return value instanceof Date date ? time(date) : ArrayValues.single(value);
  }

  /**
   * Returns the end of the surrogate pair that begins at an index.
   *
   * @throws IllegalArgumentException if it is half a pair, which would be stored as a question mark
   */
  static int endOfPair(String text, int index) {
    if (Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1))) {
      return index + 1;
    }
    throw new IllegalArgumentException("a text that holds half of a surrogate pair");
  }

  /**
   * Returns the text.
   *
   * @throws IllegalArgumentException if it has half of a surrogate pair
   */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        i = endOfPair(text, i);
      }
    }
    return text;
  }

  /** Returns the moment that a value stands for; null if it is none. */
  static @Nullable Instant instant(Object value) {
    if (value instanceof Instant instant) {
      return instant;
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    return value instanceof ZonedDateTime time ? time.toInstant() : null;
  }

  private static Object time(Date date) {
    if (date instanceof java.sql.Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    if (date instanceof java.sql.Date day) {
      return day.toLocalDate();
    }
    if (date instanceof java.sql.Time time) {
      return time.toLocalTime();
    }
    return date.toInstant();
  }
}
