package io.batchflow.benchmarks.differential;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The conversions that the documentation promises for every database. */
final class TextForm {

  private static final int PLAIN_SCALE = 1_000;

  private TextForm() {}

  /** Returns the value in its basic class: a text for every kind of text, bytes for a buffer. */
  static Object plain(Object value) throws Rejection {
    if (value instanceof CharSequence || value instanceof Character) {
      return whole(value.toString());
    }
    if (value instanceof char[] characters) {
      return whole(new String(characters));
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof Byte[] boxed) {
      byte[] bytes = new byte[boxed.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = boxed[i];
      }
      return bytes;
    }
    if (value instanceof java.sql.Timestamp time) {
      return time.toLocalDateTime();
    }
    if (value instanceof java.sql.Date day) {
      return day.toLocalDate();
    }
    if (value instanceof java.sql.Time time) {
      return time.toLocalTime();
    }
    return value instanceof Date date ? date.toInstant() : value;
  }

  /** Returns a decimal without an exponent, unless that takes thousands of zeros. */
  static String of(BigDecimal decimal) {
    return Math.abs((long) decimal.scale()) <= PLAIN_SCALE
        ? decimal.toPlainString()
        : decimal.toString();
  }

  /** Rejects a text with an unpaired surrogate. */
  private static String whole(String text) throws Rejection {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new Rejection(0, "half of a surrogate pair");
      }
    }
    return text;
  }

  static Rejection unknown(@Nullable Object value) {
    return new Rejection(0, "no conversion of " + (value == null ? null : value.getClass()));
  }
}
