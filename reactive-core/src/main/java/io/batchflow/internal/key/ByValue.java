package io.batchflow.internal.key;

import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link KeyEquality#byValue()}: compares values independently of their Java type. */
public enum ByValue implements KeyEquality {
  INSTANCE;

  @Override
  public @Nullable Object key(Row row) {
    Schema schema = row.schema();
    int columns = schema.conflictKey().size();
    if (columns == 1) {
      Object value = row.value(schema.keyPosition(0));
      return value == null ? null : normal(value);
    }
    Object[] parts = new Object[columns];
    for (int i = 0; i < parts.length; i++) {
      Object value = row.value(schema.keyPosition(i));
      if (value == null) {
        return null;
      }
      parts[i] = normal(value);
    }
    return parts.length == 0 ? null : Arrays.asList(parts);
  }

  @Override
  public boolean isExact() {
    return false;
  }

  private static Object normal(Object value) {
    if (value instanceof Long || value instanceof String) {
      return value;
    }
    if (isIntegral(value)) {
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
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    boolean ofJava = value.getClass().getClassLoader() == null && value instanceof Comparable;
    return ofJava ? value : new Opaque(value.getClass().getName(), value.hashCode());
  }

  private static boolean isIntegral(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  /** Returns whether two rows have identical values in their keys. */
  static boolean isSame(Row left, Row right) {
    Schema schema = left.schema();
    for (int i = 0; i < schema.conflictKey().size(); i++) {
      int position = schema.keyPosition(i);
      Object one = left.value(position);
      Object other = right.value(position);
      if (one == null || other == null || !isSame(one, other)) {
        return false;
      }
    }
    return true;
  }

  /** Integers of all types are the same to every backend. */
  private static boolean isSame(Object one, Object other) {
    if (isIntegral(one) && isIntegral(other)) {
      return ((Number) one).longValue() == ((Number) other).longValue();
    }
    if (one.getClass() != other.getClass()) {
      return false;
    }
    return one instanceof byte[] bytes ? Arrays.equals(bytes, (byte[]) other) : one.equals(other);
  }

  /**
   * A value of a type without a known order: values with the same hash may be equal. Its own {@code
   * compareTo} is never called.
   */
  private record Opaque(String type, int hash) implements Comparable<Opaque> {

    @Override
    public int compareTo(Opaque other) {
      int order = type.compareTo(other.type);
      return order != 0 ? order : Integer.compare(hash, other.hash);
    }
  }
}
