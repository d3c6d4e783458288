package io.batchflow.r2dbc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/** Converts dates and times to days and microseconds since 2000, as PostgreSQL counts them. */
final class PostgresEpoch {

  private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long MICROS_OF_DAY = 86_400_000_000L;

  private PostgresEpoch() {}

  static long days(LocalDate date) {
    return date.toEpochDay() - EPOCH_DAY;
  }

  /** Returns whether the days mean a date. The lowest and the highest number mean infinity. */
  static boolean isDayInRange(LocalDate date) {
    return Math.abs((long) date.getYear()) < 5_800_000;
  }

  /** Returns whether the microseconds safely fit into 64 bits. The server checks its own limits. */
  static boolean isInRange(LocalDate date) {
    return Math.abs((long) date.getYear()) < 290_000;
  }

  static long micros(LocalDateTime time) {
    return days(time.toLocalDate()) * MICROS_OF_DAY + micros(time.toLocalTime());
  }

  /** Rounds half to even, as the server does when it reads text. */
  static long micros(LocalTime time) {
    long nanos = time.toNanoOfDay();
    return nanos % 1_000 == 0 ? nanos / 1_000 : Math.round(Math.rint(nanos / 1e3));
  }
}
