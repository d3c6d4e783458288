package io.batchflow.sql;

import java.nio.ByteBuffer;
import java.util.Date;

/** Turns the variants of a kind of value into the one that databases are given. */
final class PlainValues {

  private PlainValues() {}

  static Object of(Object value) {
    if (value instanceof CharSequence || value instanceof Character) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return value instanceof Date date ? time(date) : value;
  }

  private static Object time(Date date) {
    if (date instanceof java.sql.Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    if (date instanceof java.sql.Date day) {
      return day.toLocalDate();
    }
    if (date instanceof java.sql.Time time) {
      return time.toLocalTime();
    }
    return date.toInstant();
  }
}
