package io.batchflow.json;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.ChronoLocalDate;
import java.time.chrono.Chronology;
import java.util.List;

/** The value types of {@code java.time}. */
final class TimeTypes {

  private TimeTypes() {}

  static List<ValueType<?>> types() {
    return List.of(
        ValueType.printed("instant", Instant.class, Instant::parse),
        ValueType.printed("date", LocalDate.class, LocalDate::parse),
        ValueType.printed("time", LocalTime.class, LocalTime::parse),
        ValueType.printed("datetime", LocalDateTime.class, LocalDateTime::parse),
        ValueType.printed("offsettime", OffsetTime.class, OffsetTime::parse),
        ValueType.printed("offsetdatetime", OffsetDateTime.class, OffsetDateTime::parse),
        ValueType.printed("zoneddatetime", ZonedDateTime.class, ZonedDateTime::parse),
        ValueType.printed("duration", Duration.class, Duration::parse),
        ValueType.printed("period", Period.class, Period::parse),
        // Not Year.parse, which rejects years beyond 9999.
        ValueType.printed("year", Year.class, text -> Year.of(Integer.parseInt(text))),
        new ValueType<>(
            "yearmonth",
            YearMonth.class,
            month -> month.atDay(1).toString(),
            text -> YearMonth.from(LocalDate.parse(text))),
        ValueType.printed("monthday", MonthDay.class, MonthDay::parse),
        ValueType.printed("zoneoffset", ZoneOffset.class, ZoneOffset::of),
        ValueType.printed("zone", ZoneId.class, ZoneId::of),
        new ValueType<>("chronodate", ChronoLocalDate.class, TimeTypes::text, TimeTypes::date));
  }

  /** Returns a date of another calendar as the name of the calendar and the ISO date. */
  private static String text(ChronoLocalDate date) {
    return date.getChronology().getId() + " " + LocalDate.from(date);
  }

  private static ChronoLocalDate date(String text) {
    int blank = text.indexOf(' ');
    return Chronology.of(text.substring(0, blank)).date(LocalDate.parse(text.substring(blank + 1)));
  }
}
