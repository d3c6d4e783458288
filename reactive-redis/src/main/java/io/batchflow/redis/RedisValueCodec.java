package io.batchflow.redis;

/**
 * Turns a column's value into the bytes that Redis is to hold. Called by the flow's threads,
 * possibly several at once; must not block. What it throws rejects that row alone.
 */
@FunctionalInterface
public interface RedisValueCodec {

  /**
   * Returns a value's bytes, which are not changed afterwards.
   *
   * @param column the value's column
   * @param value never null: Redis has no null, and rows with one are rejected
   * @throws RuntimeException if it cannot encode the value
   */
  byte[] encode(String column, Object value);

  /**
   * Returns the codec that is used if no other is given: text as UTF-8; bytes as they are; numbers,
   * booleans, enums, UUIDs and dates and times of {@code java.time} as {@code toString} has them, a
   * {@code BigDecimal} without an exponent. It rejects everything else, and text that is no
   * Unicode: half a surrogate pair.
   */
  static RedisValueCodec standard() {
    return StandardCodec.INSTANCE;
  }
}
