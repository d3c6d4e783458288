package io.batchflow.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.BitSet;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The value types of the JDK, except times. */
final class JavaTypes {

  /** Strings with an unpaired surrogate, which UTF-8 cannot encode. */
  static final ValueType<String> UTF16 =
      new ValueType<>(
          "utf16",
          String.class,
          text -> base64(utf16(text)),
          text -> utf16(Base64.getDecoder().decode(text)));

  private JavaTypes() {}

  static List<ValueType<?>> types() {
    return List.of(
        UTF16,
        new ValueType<>("bytes", byte[].class, JavaTypes::base64, Base64.getDecoder()::decode),
        ValueType.printed("byte", Byte.class, Byte::valueOf),
        ValueType.printed("short", Short.class, Short::valueOf),
        ValueType.printed("long", Long.class, Long::valueOf),
        ValueType.printed("float", Float.class, Float::valueOf),
        // NaN and infinities, which JSON numbers cannot express.
        ValueType.printed("double", Double.class, Double::valueOf),
        new ValueType<>(
            "char",
            Character.class,
            character -> String.valueOf((int) character),
            text -> character(Integer.parseInt(text))),
        new ValueType<>("biginteger", BigInteger.class, BigNumbers::text, BigNumbers::integer),
        new ValueType<>("decimal", BigDecimal.class, BigNumbers::text, BigNumbers::decimal),
        ValueType.printed("atomicinteger", AtomicInteger.class, JavaTypes::atomicInteger),
        ValueType.printed("atomiclong", AtomicLong.class, JavaTypes::atomicLong),
        new ValueType<>(
            "bitset", BitSet.class, bits -> base64(bits.toByteArray()), JavaTypes::bits),
        ValueType.printed("uuid", UUID.class, UUID::fromString),
        new ValueType<>("inetaddress", InetAddress.class, Addresses::text, Addresses::address),
        ValueType.printed("uri", URI.class, URI::create),
        ValueType.printed("url", URL.class, JavaTypes::url));
  }

  /** Types that come last, as their subtypes have their own value types. */
  static List<ValueType<?>> last() {
    return List.of(
        new ValueType<>(
            "utildate",
            Date.class,
            date -> date.toInstant().toString(),
            text -> Date.from(Instant.parse(text))));
  }

  static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static AtomicInteger atomicInteger(String text) {
    return new AtomicInteger(Integer.parseInt(text));
  }

  private static AtomicLong atomicLong(String text) {
    return new AtomicLong(Long.parseLong(text));
  }

  private static BitSet bits(String text) {
    return BitSet.valueOf(Base64.getDecoder().decode(text));
  }

  private static URL url(String text) {
    try {
      return new URL(text);
    } catch (MalformedURLException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  private static char character(int code) {
    if (code != (char) code) {
      throw new IllegalArgumentException("It is not a character");
    }
    return (char) code;
  }

  private static String utf16(byte[] bytes) {
    if (bytes.length % Character.BYTES != 0) {
      throw new IllegalArgumentException("A character has two bytes");
    }
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  private static byte[] utf16(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Character.BYTES, text.length()));
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }
}
