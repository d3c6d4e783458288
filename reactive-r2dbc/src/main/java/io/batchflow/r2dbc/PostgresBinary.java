package io.batchflow.r2dbc;

import io.batchflow.sql.SqlColumn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a PostgreSQL type: a length and then what the type's {@code recv} function
 * reads. Only for values of the very Java type; others are for the server to convert from text.
 */
@FunctionalInterface
interface PostgresBinary {

  /** Writes a value with its length; returns false if it has no binary form here. */
  boolean write(ByteBuf out, Object value);

  /** Returns the form of a column's values; null if there is none here. */
  static @Nullable PostgresBinary of(SqlColumn column) {
    return switch (column.castType()) {
      case "smallint" -> (out, value) -> integer(out, value, Short.BYTES);
      case "integer" -> (out, value) -> integer(out, value, Integer.BYTES);
      case "bigint" -> (out, value) -> integer(out, value, Long.BYTES);
      case "real" -> PostgresBinary::real;
      case "double precision" -> PostgresBinary::doublePrecision;
      case "numeric" -> PostgresNumeric::write;
      case "boolean" -> PostgresBinary::bool;
      case "text", "character varying", "bpchar", "json" -> PostgresBinary::text;
      case "jsonb" -> PostgresBinary::jsonb;
      case "bytea" -> PostgresBinary::bytea;
      case "uuid" -> PostgresBinary::uuid;
      case "date" -> PostgresBinary::date;
      case "time without time zone" -> PostgresBinary::time;
      case "timestamp without time zone" -> PostgresBinary::timestamp;
      case "timestamp with time zone" -> PostgresBinary::moment;
      default -> null;
    };
  }

  private static boolean integer(ByteBuf out, Object value, int bytes) {
    boolean integral =
        value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte;
    if (!integral) {
      return false;
    }
    long number = ((Number) value).longValue();
    int shift = Long.SIZE - bytes * Byte.SIZE;
    if (number << shift >> shift != number) {
      return false;
    }
    out.writeInt(bytes);
    switch (bytes) {
      case Short.BYTES -> out.writeShort((int) number);
      case Integer.BYTES -> out.writeInt((int) number);
      default -> out.writeLong(number);
    }
    return true;
  }

  private static boolean real(ByteBuf out, Object value) {
    if (!(value instanceof Float number)) {
      return false;
    }
    out.writeInt(Float.BYTES).writeFloat(number);
    return true;
  }

  private static boolean doublePrecision(ByteBuf out, Object value) {
    if (!(value instanceof Double number)) {
      return false;
    }
    out.writeInt(Double.BYTES).writeDouble(number);
    return true;
  }

  private static boolean bool(ByteBuf out, Object value) {
    if (!(value instanceof Boolean truth)) {
      return false;
    }
    out.writeInt(1).writeBoolean(truth);
    return true;
  }

  private static boolean text(ByteBuf out, Object value) {
    return text(out, value, "");
  }

  /** The version of the format comes first. */
  private static boolean jsonb(ByteBuf out, Object value) {
    return text(out, value, "\u0001");
  }

  /** A text that is not whole is left to the other way, which refuses it. */
  private static boolean text(ByteBuf out, Object value, String prefix) {
    if (!(value instanceof String text)) {
      return false;
    }
    int lengthAt = out.writerIndex();
    out.writeInt(0);
    out.writeCharSequence(prefix, StandardCharsets.US_ASCII);
    if (!isWhole(text)) {
      return false;
    }
    int length = ByteBufUtil.writeUtf8(out, text);
    out.setInt(lengthAt, length + prefix.length());
    return true;
  }

  private static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean bytea(ByteBuf out, Object value) {
    if (!(value instanceof byte[] bytes)) {
      return false;
    }
    out.writeInt(bytes.length).writeBytes(bytes);
    return true;
  }

  private static boolean uuid(ByteBuf out, Object value) {
    if (!(value instanceof UUID uuid)) {
      return false;
    }
    out.writeInt(2 * Long.BYTES);
    out.writeLong(uuid.getMostSignificantBits()).writeLong(uuid.getLeastSignificantBits());
    return true;
  }

  private static boolean date(ByteBuf out, Object value) {
    if (!(value instanceof LocalDate date)) {
      return false;
    }
    long days = PostgresEpoch.days(date);
    if (days != (int) days) {
      return false;
    }
    out.writeInt(Integer.BYTES).writeInt((int) days);
    return true;
  }

  private static boolean time(ByteBuf out, Object value) {
    if (!(value instanceof LocalTime time)) {
      return false;
    }
    out.writeInt(Long.BYTES).writeLong(PostgresEpoch.micros(time));
    return true;
  }

  private static boolean timestamp(ByteBuf out, Object value) {
    return value instanceof LocalDateTime time ? micros(out, time) : moment(out, value);
  }

  private static boolean moment(ByteBuf out, Object value) {
    if (value instanceof Instant instant) {
      return micros(out, LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
    if (value instanceof OffsetDateTime time) {
      return micros(out, time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }
    return value instanceof ZonedDateTime time
        && micros(out, time.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
  }

  private static boolean micros(ByteBuf out, LocalDateTime time) {
    if (!PostgresEpoch.isInRange(time.toLocalDate())) {
      return false;
    }
    out.writeInt(Long.BYTES).writeLong(PostgresEpoch.micros(time));
    return true;
  }
}
