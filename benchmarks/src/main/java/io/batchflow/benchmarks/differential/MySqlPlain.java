package io.batchflow.benchmarks.differential;

import io.batchflow.ConflictStrategy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Plain statements for MariaDB and MySQL: inserts a row, and updates it if the insert was rejected
 * because of the conflict key and no other.
 */
final class MySqlPlain extends Plain {

  /** The name of the index of the conflict key, if that is not the primary key. */
  static final String KEY_NAME = "uk";

  private static final int DUPLICATE = 1062;
  private static final int MOST_HOURS = 838;

  @Override
  Parameter parameter(Column column, @Nullable Object value) throws Rejection {
    Object stored = value == null ? null : stored(column, TextForm.plain(value));
    return new Parameter("?", stored, String.class);
  }

  private static String clock(Duration amount) {
    long seconds = amount.abs().toSeconds();
    String sign = amount.isNegative() ? "-" : "";
    return sign + "%d:%02d:%02d".formatted(seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
  }

  private static Object stored(Column column, Object value) throws Rejection {
    if (value instanceof BigDecimal decimal) {
      return Math.abs((long) decimal.scale()) <= 1_000 ? value : decimal.toString();
    }
    if (value instanceof Double || value instanceof Float) {
      if (!Double.isFinite(((Number) value).doubleValue())) {
        throw new Rejection(0, "MySQL has no such number");
      }
      return value;
    }
    if (value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Duration amount && Math.abs(amount.toHours()) > MOST_HOURS) {
      if (column.type().kind() == Kind.TEXT) {
        return clock(amount);
      }
      throw new Rejection(0, "MySQL has no such time");
    }
    boolean binds =
        value instanceof String
            || value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
            || value instanceof BigInteger
            || value instanceof Boolean
            || value instanceof LocalDate
            || value instanceof LocalDateTime
            || value instanceof LocalTime
            || value instanceof Duration
            || value instanceof byte[];
    return binds ? value : utc(value);
  }

  private static LocalDateTime utc(Object value) throws Rejection {
    try {
      if (value instanceof Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      }
      if (value instanceof OffsetDateTime time) {
        return LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC);
      }
      if (value instanceof ZonedDateTime time) {
        return LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC);
      }
    } catch (DateTimeException outOfRange) {
      throw new Rejection(0, "a moment that Java cannot tell in UTC");
    }
    throw TextForm.unknown(value);
  }

  @Override
  void write(Site site, TableCase table, CaseRow row) throws Rejection {
    List<Column> columns = present(table, row);
    List<Parameter> parameters = parameters(columns, row);
    String insert = insert(columns, parameters);
    try {
      site.execute(insert, parameters);
    } catch (Rejection rejected) {
      if (rejected.code() != DUPLICATE || !isMeant(table, String.valueOf(rejected.getMessage()))) {
        throw rejected;
      }
      List<Column> overwritten = overwritten(table, row);
      if (!overwritten.isEmpty()) {
        site.execute(insert + update(overwritten), parameters);
      }
    }
  }

  private static boolean isMeant(TableCase table, String message) {
    if (table.writing().strategy() == ConflictStrategy.FAIL) {
      return false;
    }
    return table.key().isEmpty()
        || (message.contains("PRIMARY'") && table.keyClause().startsWith("PRIMARY"))
        || message.contains(KEY_NAME + "'");
  }

  private static String update(List<Column> columns) {
    return " ON DUPLICATE KEY UPDATE "
        + String.join(
            ", ",
            columns.stream()
                .map(column -> column.name() + " = VALUES(" + column.name() + ")")
                .toList());
  }

  @Override
  String text(Column column) {
    String name = column.name();
    return switch (column.type().kind()) {
      case BINARY -> "HEX(" + name + ")";
      case FLOATING -> "CAST(CAST(" + name + " AS DOUBLE) AS CHAR)";
      default -> "CAST(" + name + " AS CHAR)";
    };
  }

  @Override
  List<String> cleanUp(TableCase table) {
    return List.of(
        "DROP VIEW IF EXISTS v", "DROP TABLE IF EXISTS t, log", "DROP TABLE IF EXISTS parent");
  }
}
