package io.batchflow.sql.dialect;

import io.batchflow.KeyEquality;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a key column compares values. A value has a form, and values that the database calls equal
 * have equal forms. If the comparison is {@linkplain #isExact() exact}, only they have. Types and
 * values of which that is not certain have no form: only the database can compare them.
 */
enum KeyForm {
  /** Only the database can compare the values. */
  BACKEND,
  INTEGER,
  /** An integer that the database generates if it is given a 0. */
  AUTO_INTEGER,
  /** A number that the database generates if it is given a 0. */
  AUTO,
  DECIMAL,
  /** Texts with equal characters are equal. Spaces beyond the limit are cut off. */
  TEXT,
  /** Texts may be equal if their characters are, apart from spaces at the end. */
  PADDED,
  /** Like PADDED, without regard to case. Only ASCII texts can be compared so. */
  FOLDED,
  BYTES,
  UUID,
  DATE,
  LOCAL_MICROS,
  MICROS;

  /**
   * Returns the form of a value; null if the database replaces the value by another.
   *
   * @param limit the most digits after the point, or characters, that the column keeps
   */
  @Nullable Object of(Object value, int limit) {
    return switch (this) {
      case BACKEND -> KeyEquality.UNCERTAIN;
      case INTEGER -> integer(value);
      case AUTO_INTEGER -> AutoKey.isGenerated(value) ? null : integer(value);
      case AUTO -> AutoKey.isGenerated(value) ? null : KeyEquality.UNCERTAIN;
      case DECIMAL -> decimal(value, limit);
      case TEXT -> {
        Object text = text(value);
        yield text instanceof String given && given.length() <= limit
            ? text
            : KeyEquality.UNCERTAIN;
      }
      case PADDED -> text(value) instanceof String given ? unpadded(given) : KeyEquality.UNCERTAIN;
      case FOLDED -> text(value) instanceof String given ? folded(given) : KeyEquality.UNCERTAIN;
      case BYTES -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : KeyEquality.UNCERTAIN;
      case UUID -> value instanceof UUID ? value : KeyEquality.UNCERTAIN;
      case DATE -> value instanceof LocalDate ? value : KeyEquality.UNCERTAIN;
      case LOCAL_MICROS ->
          value instanceof LocalDateTime time ? wholeMicros(time) : localMoment(value);
      case MICROS -> moment(value);
    };
  }

  /** Returns whether values with equal forms are certainly equal; otherwise they may be. */
  boolean isExact() {
    return this != BACKEND && this != PADDED && this != FOLDED;
  }

  private static Object integer(Object value) {
    if (value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value.getClass() == BigInteger.class && ((BigInteger) value).bitLength() < Long.SIZE
        ? (Object) ((BigInteger) value).longValue()
        : KeyEquality.UNCERTAIN;
  }

  private static Object decimal(Object value, int scale) {
    Object integer = integer(value);
    BigDecimal decimal;
    if (integer instanceof Long number) {
      decimal = BigDecimal.valueOf(number);
    } else if (value.getClass() == BigDecimal.class
        && ValueNormalizer.isShort((BigDecimal) value)) {
      decimal = (BigDecimal) value;
    } else {
      return KeyEquality.UNCERTAIN;
    }
    BigDecimal stripped = decimal.stripTrailingZeros();
    if (scale == Integer.MAX_VALUE && decimal.scale() > Math.max(stripped.scale(), 0)) {
      return KeyEquality.UNCERTAIN; // its zeros are stored: the first row of a key decides
    }
    return stripped.scale() <= scale ? stripped : KeyEquality.UNCERTAIN;
  }

  private static Object text(Object value) {
    if (value instanceof String) {
      return value;
    }
    if (value instanceof Character || value instanceof Enum<?>) {
      return ValueNormalizer.of(value);
    }
    Object integer = integer(value);
    return integer instanceof Long ? integer.toString() : KeyEquality.UNCERTAIN;
  }

  private static String unpadded(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static Object folded(String text) {
    boolean printable = text.chars().allMatch(c -> c >= ' ' && c <= '~');
    return printable ? unpadded(text).toLowerCase(Locale.ROOT) : KeyEquality.UNCERTAIN;
  }

  private static Object localMoment(Object value) {
    return moment(value) instanceof Instant instant
        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
        : KeyEquality.UNCERTAIN;
  }

  private static Object moment(Object value) {
    Instant instant = ValueNormalizer.instant(value);
    return instant == null ? KeyEquality.UNCERTAIN : wholeMicros(instant);
  }

  /** Only the database knows how it rounds nanoseconds. */
  private static Object wholeMicros(Temporal time) {
    return time.get(ChronoField.NANO_OF_SECOND) % 1_000 == 0 ? time : KeyEquality.UNCERTAIN;
  }
}
