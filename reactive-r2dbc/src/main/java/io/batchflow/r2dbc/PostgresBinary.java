package io.batchflow.r2dbc;

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

/**
 * Writes values in the binary format of a PostgreSQL type: the length, and then what the {@code
 * recv} function of the type reads. Each method returns false for a value of another Java type,
 * which the server then converts from text.
 */
final class PostgresBinary {

  private PostgresBinary() {}

  static boolean integer(ByteBuf out, Object value, int bytes) {
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

  static boolean real(ByteBuf out, Object value) {
    if (!(value instanceof Float number)) {
      return false;
    }
    out.writeInt(Float.BYTES).writeInt(Float.floatToIntBits(number));
    return true;
  }

  static boolean doublePrecision(ByteBuf out, Object value) {
    if (!(value instanceof Double number)) {
      return false;
    }
    out.writeInt(Double.BYTES).writeLong(Double.doubleToLongBits(number));
    return true;
  }

  static boolean bool(ByteBuf out, Object value) {
    if (!(value instanceof Boolean truth)) {
      return false;
    }
    out.writeInt(1).writeBoolean(truth);
    return true;
  }

  static boolean text(ByteBuf out, Object value) {
    return text(out, value, "");
  }

  /** The format begins with its version. */
  static boolean jsonb(ByteBuf out, Object value) {
    return text(out, value, "\u0001");
  }

  /** Returns false for a text with half a surrogate pair. The text format rejects it. */
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

  static boolean bytea(ByteBuf out, Object value) {
    if (!(value instanceof byte[] bytes)) {
      return false;
    }
    out.writeInt(bytes.length).writeBytes(bytes);
    return true;
  }

  static boolean uuid(ByteBuf out, Object value) {
    if (!(value instanceof UUID uuid)) {
      return false;
    }
    out.writeInt(2 * Long.BYTES);
    out.writeLong(uuid.getMostSignificantBits()).writeLong(uuid.getLeastSignificantBits());
    return true;
  }

  static boolean date(ByteBuf out, Object value) {
    if (!(value instanceof LocalDate date)) {
      return false;
    }
    if (!PostgresEpoch.isDayInRange(date)) {
      return false;
    }
    out.writeInt(Integer.BYTES).writeInt((int) PostgresEpoch.days(date));
    return true;
  }

  static boolean time(ByteBuf out, Object value) {
    if (!(value instanceof LocalTime time)) {
      return false;
    }
    out.writeInt(Long.BYTES).writeLong(PostgresEpoch.micros(time));
    return true;
  }

  static boolean timestamp(ByteBuf out, Object value) {
    return value instanceof LocalDateTime time ? micros(out, time) : moment(out, value);
  }

  static boolean moment(ByteBuf out, Object value) {
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
