package io.batchflow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A row's conflict key in a form that can be compared: equal where the database would call the
 * values equal, whatever Java type carries them, and in one order for all batches. A key of one
 * column is that column's normal value, one of several an object of this class.
 */
final class ConflictKey {

  /** A row that has no whole key comes before all that have one. */
  static final Comparator<@Nullable Object> NULLS_FIRST =
      Comparator.nullsFirst(ConflictKey::compare);

  private final Object[] parts;

  private ConflictKey(Object[] parts) {
    this.parts = parts;
  }

  /** Returns a row's key; null where a part is null or unset, as such a row conflicts with none. */
  static @Nullable Object of(Request request) {
    int[] positions = request.schema().keyPositions();
    if (positions.length == 1) {
      Object value = request.value(positions[0]);
      return value == null ? null : normal(value);
    }
    Object[] parts = new Object[positions.length];
    for (int i = 0; i < parts.length; i++) {
      Object value = request.value(positions[i]);
      if (value == null) {
        return null;
      }
      parts[i] = normal(value);
    }
    return parts.length == 0 ? null : new ConflictKey(parts);
  }

  static int hash(Request request) {
    int hash = 0;
    for (int position : request.schema().keyPositions()) {
      Object value = request.value(position);
      hash = 31 * hash + (value == null ? 0 : normal(value).hashCode());
    }
    return hash;
  }

  private static Object normal(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof BigInteger integer) {
      return integer.bitLength() < Long.SIZE ? integer.longValue() : new BigDecimal(integer);
    }
    if (value instanceof BigDecimal decimal) {
      BigDecimal stripped = decimal.stripTrailingZeros();
      boolean isLong = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 18;
      return isLong ? stripped.longValue() : stripped;
    }
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }

  private static int compareParts(Object[] left, Object[] right) {
    for (int i = 0; i < left.length; i++) {
      int order = compare(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return one.compareTo(other);
    }
    if (left instanceof ConflictKey one && right instanceof ConflictKey other) {
      return compareParts(one.parts, other.parts);
    }
    if (left.getClass() != right.getClass()) {
      return left.getClass().getName().compareTo(right.getClass().getName());
    }
    boolean ofJava = left.getClass().getClassLoader() == null; // others may throw
    return ofJava && left instanceof Comparable
        ? ((Comparable<Object>) left).compareTo(right)
        : Integer.compare(left.hashCode(), right.hashCode());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConflictKey that && Arrays.equals(parts, that.parts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts);
  }
}
