package io.batchflow.json;

import java.util.Objects;
import java.util.function.Function;

/**
 * Converts values of one Java type to text and back to equal values. A {@link ValueTypeProvider}
 * adds types to the standard ones.
 *
 * @param label the permanent name of the type in stored JSON: lower-case letters and digits
 * @param type the Java type; a value of a subtype without its own value type is read as this type
 * @param write the text of a value
 * @param read parses the text; throws if it is invalid; must take linear time
 */
public record ValueType<T>(
    String label, Class<T> type, Function<? super T, String> write, Function<String, T> read) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException unless the label consists of lower-case letters and digits
   */
  public ValueType {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(read, "read");
    if (!label.matches("[a-z][a-z0-9]{0,63}")) {
      throw new IllegalArgumentException(
          "The label of the value type for "
              + type.getName()
              + " does not consist of lower-case letters and digits. Rename it.");
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
