package io.batchflow.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as numbers since the year 2000, which the server turns into times several times
 * faster than text.
 */
enum PostgresCount {
  DAYS("date", "int4", "date '2000-01-01' + "),
  MICROS(
      "timestamp without time zone",
      "int8",
      "timestamp '2000-01-01' + interval '1 microsecond' * "),
  MICROS_UTC(
      "timestamp with time zone",
      "int8",
      "timestamptz '2000-01-01 00:00:00+00' + interval '1 microsecond' * ");

  private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long EPOCH_SECOND = EPOCH_DAY * 86_400;

  /** The multiplication is one of doubles, exact within 53 bits: 285 years each way. */
  private static final long MOST_SECONDS = (1L << 53) / 1_000_000 - 1;

  /** So many years are surely within. */
  private static final int SURE_YEARS = 280;

  private final String type;

  /** The type of the numbers. */
  final String carrier;

  /** What stands before a number to make it a time. */
  private final String time;

  PostgresCount(String type, String carrier, String time) {
    this.type = type;
    this.carrier = carrier;
    this.time = time;
  }

  /** Returns how a column's values are counted; null if they are not. */
  static @Nullable PostgresCount of(SqlColumn column) {
    for (PostgresCount count : values()) {
      if (count.type.equals(column.castType())) {
        return count;
      }
    }
    return null;
  }

  /** Returns the expression that makes a time of a number. */
  String time(String number) {
    return time + number;
  }

  /** Returns whether a value has a number; if it has none, it must go as text. */
  boolean has(Object value) {
    // Most are of this century and need not be counted twice.
    boolean surely =
        this == MICROS
            && value instanceof LocalDateTime time
            && Math.abs(time.getYear() - 2000) < SURE_YEARS;
    return surely || numberOf(value) != null;
  }

  /** Returns a value's number; null if it has none. */
  @Nullable Long numberOf(Object value) {
    return switch (this) {
      case DAYS -> value instanceof LocalDate date ? days(date) : null;
      case MICROS -> value instanceof LocalDateTime time ? micros(time) : null;
      case MICROS_UTC -> microsOfMoment(value);
    };
  }

  private static @Nullable Long microsOfMoment(Object value) {
    if (value instanceof Instant instant) {
      return micros(instant.getEpochSecond(), instant.getNano());
    }
    if (value instanceof OffsetDateTime time) {
      return micros(time.toEpochSecond(), time.getNano());
    }
    return value instanceof ZonedDateTime time
        ? micros(time.toEpochSecond(), time.getNano())
        : null;
  }

  private static @Nullable Long days(LocalDate date) {
    long days = date.toEpochDay() - EPOCH_DAY;
    return days == (int) days ? days : null;
  }

  private static @Nullable Long micros(LocalDateTime time) {
    return micros(time.toEpochSecond(ZoneOffset.UTC), time.get(ChronoField.NANO_OF_SECOND));
  }

  /** Rounded to the nearest, halves to the even one, as the server rounds what it reads. */
  private static @Nullable Long micros(long epochSecond, int nano) {
    long seconds = epochSecond - EPOCH_SECOND;
    return Math.abs(seconds) < MOST_SECONDS
        ? seconds * 1_000_000 + Math.round(Math.rint(nano / 1e3))
        : null;
  }
}
