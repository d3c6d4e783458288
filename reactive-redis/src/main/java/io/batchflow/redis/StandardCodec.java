package io.batchflow.redis;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Encodes text as UTF-8, bytes as they are, and types with one plain form as text. */
enum StandardCodec implements RedisValueCodec {
  INSTANCE;

  private static final int PLAIN_SCALE = 1_000;

  @Override
  public byte[] encode(String column, Object value) {
    if (value instanceof String text) {
      return utf8(text);
    }
    if (value instanceof BigDecimal decimal) {
      return ascii(text(decimal));
    }
    if (isAscii(value)) {
      return ascii(value.toString());
    }
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof Enum<?> constant) {
      return utf8(constant.name()); // not toString, as in SQL
    }
    if (value instanceof CharSequence || value instanceof Character || value instanceof Number) {
      return utf8(value.toString());
    }
    if (value instanceof char[] characters) {
      return utf8(new String(characters));
    }
    if (value instanceof @Nullable Byte[] boxed) {
      return unboxed(boxed);
    }
    throw new IllegalArgumentException(
        "there is no standard form for a " + value.getClass().getName());
  }

  private static byte[] unboxed(@Nullable Byte[] boxed) {
    byte[] bytes = new byte[boxed.length];
    for (int i = 0; i < bytes.length; i++) {
      Byte each = boxed[i];
      if (each == null) {
        throw new IllegalArgumentException("the bytes hold a null");
      }
      bytes[i] = each;
    }
    return bytes;
  }

  private static boolean isAscii(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof UUID
        || value instanceof TemporalAccessor
        || value instanceof TemporalAmount;
  }

  /** Returns a decimal without an exponent, unless its zeros might take gigabytes. */
  private static String text(BigDecimal decimal) {
    boolean isShort = Math.abs((long) decimal.scale()) <= PLAIN_SCALE;
    return isShort ? decimal.toPlainString() : decimal.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** {@code getBytes} would silently replace half a surrogate pair by a question mark. */
  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean faithful =
        bytes.length == text.length()
            ? hasNoSurrogate(text)
            : new String(bytes, StandardCharsets.UTF_8).equals(text);
    if (!faithful) {
      throw new IllegalArgumentException("the text holds half a surrogate pair");
    }
    return bytes;
  }

  private static boolean hasNoSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
