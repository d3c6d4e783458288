package io.batchflow.redis;

/**
 * Encodes a column's value as the bytes that Redis stores. Called on the flow's threads, possibly
 * on several at once, and must not block. An exception rejects the row.
 */
@FunctionalInterface
public interface RedisValueCodec {

  /**
   * Returns the bytes of a value. They must not be changed afterwards.
   *
   * @param column the value's column
   * @param value the value, never null: Redis has no null, and such rows are rejected
   * @throws RuntimeException if it cannot encode the value
   */
  byte[] encode(String column, Object value);

  /**
   * Returns the default codec. It encodes text as UTF-8 and leaves bytes as they are. It encodes
   * numbers, booleans, enums, UUIDs and {@code java.time} values by their {@code toString}, and a
   * {@code BigDecimal} without an exponent. It rejects all other types, and text with half a
   * surrogate pair.
   */
  static RedisValueCodec standard() {
    return StandardCodec.INSTANCE;
  }
}
