package io.batchflow.kafka.connect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;

/** Turns values of Connect into values of rows, by the logical types of Connect and Debezium. */
@SuppressWarnings("JavaUtilDate") // Connect's own logical types are such dates
final class ConnectValues {

  private final JsonConverter json = new JsonConverter();

  ConnectValues() {
    json.configure(Map.of("schemas.enable", "false"), false);
  }

  /**
   * Returns the value for a column.
   *
   * @param schema the schema of the value; null if it has none
   */
  @Nullable Object of(@Nullable Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    String name = schema == null || schema.name() == null ? "" : schema.name();
    return switch (name) {
      case org.apache.kafka.connect.data.Date.LOGICAL_NAME -> utc((Date) value).toLocalDate();
      case org.apache.kafka.connect.data.Time.LOGICAL_NAME -> utc((Date) value).toLocalTime();
      case org.apache.kafka.connect.data.Timestamp.LOGICAL_NAME -> utc((Date) value);
      case "io.debezium.time.Date" -> LocalDate.ofEpochDay(number(value));
      case "io.debezium.time.Time" -> time(number(value) * 1_000_000);
      case "io.debezium.time.MicroTime" -> time(number(value) * 1_000);
      case "io.debezium.time.NanoTime" -> time(number(value));
      case "io.debezium.time.Timestamp" -> local(number(value), ChronoUnit.MILLIS);
      case "io.debezium.time.MicroTimestamp" -> local(number(value), ChronoUnit.MICROS);
      case "io.debezium.time.NanoTimestamp" -> local(number(value), ChronoUnit.NANOS);
      case "io.debezium.time.ZonedTimestamp" -> OffsetDateTime.parse((String) value);
      case "io.debezium.time.ZonedTime" -> OffsetTime.parse((String) value);
      case "io.debezium.data.Uuid" -> UUID.fromString((String) value);
      case "io.debezium.data.VariableScaleDecimal" -> decimal((Struct) value);
      default -> plain(schema, value);
    };
  }

  private Object plain(@Nullable Schema schema, Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof Byte small) {
      return small.shortValue();
    }
    if (value instanceof Date date) {
      return utc(date);
    }
    return value instanceof Struct || value instanceof Map || value instanceof List
        ? new String(json.fromConnectData("", schema, value), StandardCharsets.UTF_8)
        : value;
  }

  private static OffsetDateTime utc(Date date) {
    return Instant.ofEpochMilli(date.getTime()).atOffset(ZoneOffset.UTC);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static LocalTime time(long nanos) {
    return LocalTime.ofNanoOfDay(nanos);
  }

  private static LocalDateTime local(long since1970, ChronoUnit unit) {
    return LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus(since1970, unit);
  }

  private static BigDecimal decimal(Struct value) {
    return new BigDecimal(new BigInteger(value.getBytes("value")), value.getInt32("scale"));
  }
}
