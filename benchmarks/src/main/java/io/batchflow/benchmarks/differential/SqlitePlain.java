package io.batchflow.benchmarks.differential;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plain statements for SQLite, whose values are integers, floats, texts and bytes. */
final class SqlitePlain extends OnConflict {

  private static final DateTimeFormatter INSTANT =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  @Override
  Parameter parameter(Column column, @Nullable Object value) throws Rejection {
    return new Parameter("?", value == null ? null : stored(TextForm.plain(value)), Object.class);
  }

  private static Object stored(Object value) throws Rejection {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number)) {
        throw new Rejection(0, "NaN would be stored as NULL");
      }
      return number;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    if (value instanceof BigDecimal decimal) {
      return TextForm.of(decimal);
    }
    if (value instanceof BigInteger integer) {
      return integer.bitLength() < Long.SIZE ? integer.longValue() : integer.toString();
    }
    if (value instanceof Instant instant) {
      return INSTANT.format(instant);
    }
    if (value instanceof ZonedDateTime time) {
      return time.toOffsetDateTime().toString();
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Integer
        || value instanceof byte[]) {
      return value;
    }
    if (value instanceof UUID
        || value instanceof TemporalAccessor
        || value instanceof TemporalAmount) {
      return value.toString();
    }
    throw TextForm.unknown(value);
  }

  @Override
  String text(Column column) {
    return "typeof(" + column.name() + ") || ' ' || quote(" + column.name() + ")";
  }

  @Override
  List<String> cleanUp(TableCase table) {
    return List.of(
        "DROP VIEW IF EXISTS v",
        "DROP TABLE IF EXISTS t",
        "DROP TABLE IF EXISTS parent",
        "DROP TABLE IF EXISTS log");
  }
}
