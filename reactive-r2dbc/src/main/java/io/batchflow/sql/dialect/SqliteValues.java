package io.batchflow.sql.dialect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts values to the types that SQLite stores: integer, float, text and bytes. */
final class SqliteValues {

  /** Always nine digits, so that instants sort as text in the order of time. */
  private static final DateTimeFormatter INSTANT =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  private SqliteValues() {}

  /** Returns the value to store; null if SQLite has none for the type. */
  static @Nullable Object of(Object value) {
    if (value instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (value instanceof Long || value instanceof Integer || value instanceof byte[]) {
      return value;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // SQLite would silently store NaN as NULL.
      return Double.isNaN(number) ? null : number;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    return normalized(ValueNormalizer.of(value));
  }

  private static @Nullable Object normalized(Object value) {
    if (value instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (value instanceof byte[]) {
      return value;
    }
    if (value instanceof BigDecimal decimal) {
      return ValueNormalizer.text(decimal);
    }
    if (value instanceof BigInteger integer && integer.bitLength() < Long.SIZE) {
      return integer.longValue();
    }
    if (value instanceof Instant instant) {
      return INSTANT.format(instant);
    }
    if (value instanceof ZonedDateTime time) {
      return time.toOffsetDateTime().toString();
    }
    boolean isText =
        value instanceof UUID
            || value instanceof BigInteger
            || value instanceof TemporalAccessor
            || value instanceof TemporalAmount;
    return isText ? value.toString() : null;
  }
}
