package io.batchflow.json;

import java.util.Objects;
import java.util.function.Function;

/**
 * How the values of one Java type are kept as text, and come back as equal values. Types beside the
 * standard ones are given by a {@link ValueTypeProvider}.
 *
 * @param label names the type where a value is kept, for as long as it is kept: lower-case letters
 *     and digits
 * @param type the type; values of a subtype that has no type of its own come back as this one
 * @param write the text of a value
 * @param read the value of such a text; throws where it is none, and must take time linear in its
 *     length
 */
public record ValueType<T>(
    String label, Class<T> type, Function<? super T, String> write, Function<String, T> read) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the label is not of lower-case letters and digits
   */
  public ValueType {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(read, "read");
    if (!label.matches("[a-z][a-z0-9]{0,63}")) {
      throw new IllegalArgumentException(
          "The label of the value type for "
              + type.getName()
              + " is not of lower-case letters and digits. Rename it.");
    }
  }

  /** Returns a type whose text is {@link Object#toString()}. */
  static <T> ValueType<T> printed(String label, Class<T> type, Function<String, T> read) {
    return new ValueType<>(label, type, Object::toString, read);
  }

  String textOf(Object value) {
    return write.apply(type.cast(value));
  }
}
