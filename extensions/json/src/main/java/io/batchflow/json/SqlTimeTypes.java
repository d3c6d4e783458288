package io.batchflow.json;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.function.Function;

/**
 * The value types of {@code java.sql}. Such a value is a moment in Java and a local time in a
 * database, so both are kept. It is read back as the moment. If the time zone of the JVM has
 * changed, it is read back as the local time, which is what a database stores.
 */
final class SqlTimeTypes {

  private SqlTimeTypes() {}

  static List<ValueType<?>> types() {
    return List.of(
        new ValueType<>(
            "timestamp",
            Timestamp.class,
            time -> time.toLocalDateTime() + " " + time.getTime(),
            SqlTimeTypes::timestamp),
        new ValueType<>(
            "sqldate",
            Date.class,
            date -> date.toLocalDate() + " " + date.getTime(),
            text ->
                either(
                    text,
                    Date::new,
                    date -> date.toLocalDate().toString(),
                    local -> Date.valueOf(LocalDate.parse(local)))),
        new ValueType<>(
            "sqltime",
            Time.class,
            time -> time.toLocalTime() + " " + time.getTime(),
            text ->
                either(
                    text,
                    Time::new,
                    time -> time.toLocalTime().toString(),
                    local -> Time.valueOf(LocalTime.parse(local)))));
  }

  private static Timestamp timestamp(String text) {
    return either(
        text,
        millis -> {
          Timestamp time = new Timestamp(millis);
          time.setNanos(ofLocal(local(text)).getNanos());
          return time;
        },
        time -> time.toLocalDateTime().toString(),
        SqlTimeTypes::ofLocal);
  }

  private static Timestamp ofLocal(String local) {
    return Timestamp.valueOf(LocalDateTime.parse(local));
  }

  private static <T> T either(
      String text,
      Function<Long, T> ofMillis,
      Function<T, String> toLocal,
      Function<String, T> ofLocal) {
    String local = local(text);
    T moment = ofMillis.apply(Long.parseLong(text.substring(local.length() + 1)));
    return toLocal.apply(moment).equals(local) ? moment : ofLocal.apply(local);
  }

  private static String local(String text) {
    return text.substring(0, text.indexOf(' '));
  }
}
