package io.batchflow.deadletter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A type of values that JSON has no form of its own for: its name, and its values as texts. */
record ValueType(
    String label, Class<?> type, Function<Object, String> write, Function<String, Object> read) {

  private static final ValueType BYTES =
      new ValueType(
          "bytes",
          byte[].class,
          bytes -> Base64.getEncoder().encodeToString((byte[]) bytes),
          text -> Base64.getDecoder().decode(text));

  /** Strings with half a surrogate pair, which UTF-8 cannot carry. */
  private static final ValueType UTF16 =
      new ValueType(
          "utf16",
          String.class,
          text -> Base64.getEncoder().encodeToString(charsOf((String) text)),
          text -> charsOf(Base64.getDecoder().decode(text)));

  private static final List<ValueType> TYPES =
      List.of(
          BYTES,
          UTF16,
          of("byte", Byte.class, Byte::valueOf),
          of("short", Short.class, Short::valueOf),
          of("long", Long.class, Long::valueOf),
          of("float", Float.class, Float::valueOf),
          // Those that JSON's numbers leave out.
          of("double", Double.class, Double::valueOf),
          new ValueType(
              "char",
              Character.class,
              character -> String.valueOf((int) (Character) character),
              text -> charOf(Integer.parseInt(text))),
          of("biginteger", BigInteger.class, BigInteger::new),
          of("decimal", BigDecimal.class, BigDecimal::new),
          of("uuid", UUID.class, UUID::fromString),
          of("instant", Instant.class, Instant::parse),
          of("date", LocalDate.class, LocalDate::parse),
          of("time", LocalTime.class, LocalTime::parse),
          of("datetime", LocalDateTime.class, LocalDateTime::parse),
          of("offsettime", OffsetTime.class, OffsetTime::parse),
          of("offsetdatetime", OffsetDateTime.class, OffsetDateTime::parse),
          of("zoneddatetime", ZonedDateTime.class, ZonedDateTime::parse),
          of("duration", Duration.class, Duration::parse),
          of("period", Period.class, Period::parse));

  private static final Map<Class<?>, ValueType> BY_CLASS =
      TYPES.stream().collect(Collectors.toMap(ValueType::type, Function.identity()));

  private static final Map<String, ValueType> BY_LABEL =
      TYPES.stream().collect(Collectors.toMap(ValueType::label, Function.identity()));

  private static ValueType of(String label, Class<?> type, Function<String, Object> read) {
    return new ValueType(label, type, Object::toString, read);
  }

  static @Nullable ValueType ofValue(Object value) {
    return value instanceof ByteBuffer ? BYTES : BY_CLASS.get(value.getClass());
  }

  static @Nullable ValueType ofLabel(String label) {
    return BY_LABEL.get(label);
  }

  String textOf(Object value) {
    return write.apply(value instanceof ByteBuffer buffer ? bytesOf(buffer) : value);
  }

  Object valueOf(String text) {
    return read.apply(text);
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static char charOf(int code) {
    if (code != (char) code) {
      throw new IllegalArgumentException("It is no character");
    }
    return (char) code;
  }

  private static String charsOf(byte[] bytes) {
    if (bytes.length % Character.BYTES != 0) {
      throw new IllegalArgumentException("A character has two bytes");
    }
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  private static byte[] charsOf(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }
}
