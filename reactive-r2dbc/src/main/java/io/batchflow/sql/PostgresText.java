package io.batchflow.sql;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Values in PostgreSQL's text form, put together to array literals, as in the manual's section 8.15
 * on arrays.
 */
final class PostgresText {

  private static final HexFormat HEX = HexFormat.of();

  /** Beyond this a decimal's digits are not written out: 1E+100000 is short as it is. */
  private static final int PLAIN_SCALE = 1_000;

  private PostgresText() {}

  /**
   * Returns the literal of an array of one dimension, whatever its elements are.
   *
   * @throws IllegalArgumentException if a value's type is not known
   */
  static String array(Iterable<? extends @Nullable Object> values) {
    return array(values, false);
  }

  /**
   * @param nested whether arrays among the values are further dimensions of this one
   */
  private static String array(Iterable<? extends @Nullable Object> values, boolean nested) {
    StringBuilder literal = new StringBuilder(256).append('{');
    for (Object value : values) {
      if (literal.length() > 1) {
        literal.append(',');
      }
      if (nested && (value instanceof Collection || isArray(value))) {
        literal.append(of(value));
      } else {
        append(literal, value);
      }
    }
    return literal.append('}').toString();
  }

  private static void append(StringBuilder literal, @Nullable Object value) {
    if (value == null) {
      literal.append("NULL");
    } else if (value instanceof Long || value instanceof Integer) {
      literal.append(((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Boolean) {
      literal.append(value);
    } else {
      quote(literal, of(value));
    }
  }

  /** Returns a value's text. */
  static String of(Object value) {
    Object plain = PlainValues.of(value);
    if (plain instanceof String text) {
      return text;
    }
    if (plain instanceof BigDecimal decimal) {
      boolean isShort = Math.abs((long) decimal.scale()) <= PLAIN_SCALE;
      return isShort ? decimal.toPlainString() : decimal.toString();
    }
    if (plain instanceof Long
        || plain instanceof Integer
        || plain instanceof Short
        || plain instanceof Byte
        || plain instanceof Double
        || plain instanceof Float
        || plain instanceof BigInteger
        || plain instanceof Boolean
        || plain instanceof UUID
        || plain instanceof LocalTime
        || plain instanceof OffsetTime
        || (plain instanceof TemporalAmount && !isDriversOwn(plain))) {
      return plain.toString();
    }
    if (plain instanceof byte[] bytes) {
      return "\\x" + HEX.formatHex(bytes);
    }
    String time = ofTime(plain);
    return time != null ? time : ofRest(plain);
  }

  /** A moment is written as UTC, a year before 1 with an era, as PostgreSQL has no year 0. */
  private static @Nullable String ofTime(Object value) {
    if (value instanceof LocalDate date) {
      return date(date, "");
    }
    if (value instanceof LocalDateTime time) {
      return date(time.toLocalDate(), " " + time.toLocalTime());
    }
    LocalDateTime utc = null;
    if (value instanceof Instant instant) {
      utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    } else if (value instanceof OffsetDateTime time) {
      utc = time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    } else if (value instanceof ZonedDateTime time) {
      utc = time.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }
    return utc == null ? null : date(utc.toLocalDate(), " " + utc.toLocalTime() + "+00");
  }

  private static String date(LocalDate date, String time) {
    int year = date.getYear();
    if (year >= 1 && year <= 9_999) {
      return date + time;
    }
    String monthAndDay = date.withYear(2_000).toString().substring(4);
    String yearOfEra = String.format(Locale.ROOT, "%04d", year > 0 ? year : 1L - year);
    return yearOfEra + monthAndDay + time + (year > 0 ? "" : " BC");
  }

  private static String ofRest(Object value) {
    if (value instanceof InetAddress address) {
      String host = address.getHostAddress();
      int scope = host.indexOf('%');
      return scope < 0 ? host : host.substring(0, scope);
    }
    if (value instanceof Object[] array) {
      return array(Arrays.asList(array), true);
    }
    if (value instanceof Collection<?> elements) {
      return array(elements, true);
    }
    if (isArray(value)) {
      return array(elementsOf(value), true);
    }
    if (isDriversOwn(value)) {
      return PostgresDriverText.of(value);
    }
    throw new IllegalArgumentException("a " + value.getClass().getName());
  }

  private static boolean isArray(@Nullable Object value) {
    return value != null && value.getClass().isArray() && !(value instanceof byte[]);
  }

  private static List<Object> elementsOf(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)).toList();
  }

  private static boolean isDriversOwn(Object value) {
    return value.getClass().getName().startsWith("io.r2dbc.postgresql.codec.");
  }

  private static void quote(StringBuilder literal, String text) {
    literal.append('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append(text, plainFrom, i).append('\\');
        plainFrom = i;
      } else if (Character.isSurrogate(c)) {
        i = PlainValues.endOfPair(text, i);
      }
    }
    literal.append(text, plainFrom, text.length()).append('"');
  }
}
