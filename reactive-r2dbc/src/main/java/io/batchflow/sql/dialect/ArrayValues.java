package io.batchflow.sql.dialect;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Arrays and collections. Only a column of arrays takes them. Any other column takes {@code char[]}
 * as a text and {@code Byte[]} as bytes, and rejects the rest.
 */
final class ArrayValues {

  private ArrayValues() {}

  /** Returns whether a value has elements. A {@code byte[]} is one value. */
  static boolean isArray(@Nullable Object value) {
    return value instanceof Collection
        || (value != null && value.getClass().isArray() && !(value instanceof byte[]));
  }

  /** Returns the elements of an array or a collection. */
  static List<? extends @Nullable Object> elementsOf(Object value) {
    if (value instanceof Collection<?> collection) {
      return new ArrayList<>(collection);
    }
    return value instanceof Object[] objects
        ? Arrays.asList(objects)
        : IntStream.range(0, Array.getLength(value)).mapToObj(i -> Array.get(value, i)).toList();
  }

  /** Returns the text of a {@code char[]}, the bytes of a {@code Byte[]}, or the value itself. */
  static Object single(Object value) {
    if (value instanceof char[] characters) {
      return new String(characters);
    }
    if (!(value instanceof @Nullable Byte[] boxed)) {
      return value;
    }
    byte[] bytes = new byte[boxed.length];
    for (int i = 0; i < bytes.length; i++) {
      Byte each = boxed[i];
      if (each == null) {
        throw new IllegalArgumentException("a java.lang.Byte[] that holds a null");
      }
      bytes[i] = each;
    }
    return bytes;
  }

  /** Returns the rejection of a value of an unknown type. */
  static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException("a " + value.getClass().getTypeName());
  }
}
