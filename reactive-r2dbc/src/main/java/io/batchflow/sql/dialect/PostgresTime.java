package io.batchflow.sql.dialect;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Writes dates and times as PostgreSQL reads them: a moment as UTC, and a year before 1 with its
 * era, as there is no year 0. Written digit by digit, as this is most of the work for a row.
 */
final class PostgresTime {

  private PostgresTime() {}

  /** Writes a date or time. Returns false for any other value. */
  static boolean append(StringBuilder text, Object value) {
    if (value instanceof LocalDateTime time) {
      append(text, time, "");
    } else if (value instanceof Instant instant) {
      append(text, LocalDateTime.ofInstant(instant, ZoneOffset.UTC), "Z");
    } else if (value instanceof OffsetDateTime time) {
      append(text, time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(), "Z");
    } else if (value instanceof ZonedDateTime time) {
      append(text, time.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime(), "Z");
    } else if (value instanceof LocalDate date) {
      appendDate(text, date);
      appendEra(text, date);
    } else if (value instanceof LocalTime time) {
      appendTime(text, time);
    } else {
      return false;
    }
    return true;
  }

  private static void append(StringBuilder text, LocalDateTime time, String zone) {
    appendDate(text, time.toLocalDate());
    text.append('T');
    appendTime(text, time.toLocalTime());
    text.append(zone);
    appendEra(text, time.toLocalDate());
  }

  private static void appendDate(StringBuilder text, LocalDate date) {
    int year = date.getYear();
    long yearOfEra = year > 0 ? year : 1L - year;
    if (yearOfEra < 1_000) {
      text.append("0".repeat(4 - String.valueOf(yearOfEra).length()));
    }
    text.append(yearOfEra).append('-');
    appendTwo(text, date.getMonthValue());
    text.append('-');
    appendTwo(text, date.getDayOfMonth());
  }

  private static void appendEra(StringBuilder text, LocalDate date) {
    if (date.getYear() <= 0) {
      text.append(" BC");
    }
  }

  private static void appendTime(StringBuilder text, LocalTime time) {
    appendTwo(text, time.getHour());
    text.append(':');
    appendTwo(text, time.getMinute());
    text.append(':');
    appendTwo(text, time.getSecond());
    int nanos = time.getNano();
    if (nanos > 0) {
      text.append('.');
      for (int digit = 100_000_000; nanos > 0; digit /= 10) {
        text.append((char) ('0' + nanos / digit));
        nanos %= digit;
      }
    }
  }

  private static void appendTwo(StringBuilder text, int number) {
    text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
