package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts values to those that the drivers of MySQL and MariaDB take. */
final class MySqlValues {

  /** The type of a TIMESTAMP column if the session is not in UTC. */
  private static final String ZONED = "timestamp in local time";

  /** The first hour that is out of the range of TIME. */
  private static final int TIME_HOURS = 839;

  private static final Pattern TEXT =
      Pattern.compile("^(var|national )*char|text$", Pattern.CASE_INSENSITIVE);

  private MySqlValues() {}

  /** Returns the value as the drivers take it; null if they cannot take it. */
  static @Nullable Object of(SqlColumn column, Object value) {
    Object plain = ValueNormalizer.of(value);
    if (plain instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (plain instanceof BigDecimal decimal && !ValueNormalizer.isShort(decimal)) {
      return decimal.toString(); // the drivers would write all its zeros
    }
    if (plain instanceof Double || plain instanceof Float) {
      double number = ((Number) plain).doubleValue();
      return Double.isFinite(number) ? plain : null;
    }
    if (plain instanceof UUID) {
      return plain.toString();
    }
    if (plain instanceof Duration amount && Math.abs(amount.toHours()) >= TIME_HOURS) {
      // As a TIME it would be rejected, and Long.MIN_VALUE seconds would end r2dbc-mysql's session.
      return TEXT.matcher(column.type()).find() ? clock(amount) : null;
    }
    boolean known =
        plain instanceof Long
            || plain instanceof Integer
            || plain instanceof Short
            || plain instanceof Byte
            || plain instanceof BigDecimal
            || plain instanceof BigInteger
            || plain instanceof Boolean
            || plain instanceof LocalDate
            || plain instanceof LocalDateTime
            || plain instanceof LocalTime
            || plain instanceof Duration
            || plain instanceof byte[];
    return known ? plain : moment(column, plain);
  }

  /** Returns a duration as the drivers spell it in a text: hours, minutes and seconds. */
  private static String clock(Duration amount) {
    boolean negative = amount.isNegative();
    // A negative duration has its seconds rounded down, and a positive fraction.
    int carry = negative && amount.getNano() > 0 ? 1 : 0;
    long seconds = amount.getSeconds() + carry;
    int nanos = carry == 1 ? 1_000_000_000 - amount.getNano() : amount.getNano();
    String whole =
        String.format(
            Locale.ROOT,
            "%s%d:%02d:%02d",
            negative ? "-" : "",
            Math.abs(seconds / 3_600),
            Math.abs(seconds / 60 % 60),
            Math.abs(seconds % 60));
    if (nanos == 0) {
      return whole;
    }
    return nanos % 1_000 == 0
        ? String.format(Locale.ROOT, "%s.%06d", whole, nanos / 1_000)
        : String.format(Locale.ROOT, "%s.%09d", whole, nanos);
  }

  /** Returns the moment in UTC. In a session with another time zone it would change. */
  private static @Nullable Object moment(SqlColumn column, Object value) {
    Instant instant = ValueNormalizer.instant(value);
    if (instant == null) {
      return null;
    }
    if (column.castType().equals(ZONED)) {
      throw new IllegalArgumentException(
          "a moment cannot go into a TIMESTAMP unless the session's time_zone is '+00:00'");
    }
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
