package io.batchflow.benchmarks.differential;

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
import java.time.chrono.IsoEra;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Plain statements for PostgreSQL. A value of its column's own class is bound as it is. Any other
 * value is sent as text and cast to the column's type without a length, as docs/databases.md says.
 */
final class PostgresPlain extends OnConflict {

  @Override
  Parameter parameter(Column column, @Nullable Object value) throws Rejection {
    boolean numbers = value instanceof Byte[] && column.type().kind() == Kind.ARRAY;
    Object plain = value == null || numbers ? value : TextForm.plain(value);
    if (plain != null && isOwn(column.type(), plain)) {
      return new Parameter("?", plain, plain.getClass());
    }
    String text = plain == null ? null : text(column.type(), plain);
    return new Parameter("?::text::" + column.type().cast(), text, String.class);
  }

  /**
   * Returns whether a value is bound as it is. Times are not: the driver rounds half a microsecond
   * up and the server to the even one, and the driver converts the least date to minus infinity.
   */
  private static boolean isOwn(ColumnType type, Object value) {
    return switch (type.kind()) {
      case DATE, TIME, TIMESTAMP, MOMENT -> false;
      default -> type.own().isInstance(value);
    };
  }

  private static String text(ColumnType type, Object value) throws Rejection {
    if (value instanceof Collection<?> || isArray(value)) {
      if (type.kind() != Kind.ARRAY) {
        throw TextForm.unknown(value);
      }
      return array(value);
    }
    return scalar(value);
  }

  private static String scalar(Object value) throws Rejection {
    if (value instanceof BigDecimal decimal) {
      return TextForm.of(decimal);
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof InetAddress address) {
      return address.getHostAddress();
    }
    boolean prints =
        value instanceof String
            || value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
            || value instanceof Double
            || value instanceof Float
            || value instanceof BigInteger
            || value instanceof Boolean
            || value instanceof UUID
            || value instanceof LocalTime
            || value instanceof OffsetTime
            || value instanceof TemporalAmount;
    return prints ? time(value) : moment(value);
  }

  /** Returns a time of day that always includes its seconds. */
  private static String time(Object value) {
    if (value instanceof LocalTime time) {
      String text = time.toString();
      return text.length() == 5 ? text + ":00" : text;
    }
    return value.toString();
  }

  private static String moment(Object value) throws Rejection {
    if (value instanceof LocalDate date) {
      return date(date) + era(date);
    }
    if (value instanceof LocalDateTime time) {
      return date(time.toLocalDate()) + "T" + time(time.toLocalTime()) + era(time.toLocalDate());
    }
    LocalDateTime utc;
    if (value instanceof Instant instant) {
      utc = utc(instant);
    } else if (value instanceof OffsetDateTime time) {
      utc = utc(time.toInstant());
    } else if (value instanceof ZonedDateTime time) {
      utc = utc(time.toInstant());
    } else {
      throw TextForm.unknown(value);
    }
    return date(utc.toLocalDate()) + "T" + time(utc.toLocalTime()) + "Z" + era(utc.toLocalDate());
  }

  private static LocalDateTime utc(Instant instant) throws Rejection {
    try {
      return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    } catch (java.time.DateTimeException outOfRange) {
      throw new Rejection(0, "a moment that Java cannot tell in UTC");
    }
  }

  private static String date(LocalDate date) {
    long year = date.getEra() == IsoEra.CE ? date.getYear() : 1L - date.getYear();
    return String.format(
        Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getEra() == IsoEra.CE ? "" : " BC";
  }

  private static boolean isArray(Object value) {
    return value.getClass().isArray() && !(value instanceof byte[]);
  }

  private static String array(Object value) throws Rejection {
    Object elements = value instanceof Collection<?> list ? list.toArray() : value;
    StringBuilder literal = new StringBuilder("{");
    for (int i = 0; i < Array.getLength(elements); i++) {
      Object element = Array.get(elements, i);
      literal.append(i == 0 ? "" : ",");
      if (element == null) {
        literal.append("NULL");
      } else if (element instanceof Collection || isArray(element)) {
        literal.append(array(element));
      } else {
        String text = scalar(TextForm.plain(element));
        literal.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return literal.append('}').toString();
  }

  @Override
  String numbered(String sql) {
    StringBuilder numbered = new StringBuilder();
    int number = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '?') {
        numbered.append('$').append(++number);
      } else {
        numbered.append(c);
      }
    }
    return numbered.toString();
  }

  @Override
  String text(Column column) {
    return column.name() + "::text";
  }

  @Override
  List<String> cleanUp(TableCase table) {
    return List.of("DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA s");
  }
}
