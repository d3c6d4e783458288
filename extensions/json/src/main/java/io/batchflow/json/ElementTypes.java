package io.batchflow.json;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of the element types of arrays. Types of {@code java.lang} have their own names. Value
 * types have their labels. An array has the name of its element type and {@code []}. Arrays of
 * other types are read back as arrays of objects.
 */
final class ElementTypes {

  private static final int MAX_NAME = 1_000;

  private static final Map<String, Class<?>> PLAIN =
      Stream.of(
              boolean.class,
              byte.class,
              short.class,
              char.class,
              int.class,
              long.class,
              float.class,
              double.class,
              Boolean.class,
              Byte.class,
              Short.class,
              Character.class,
              Integer.class,
              Long.class,
              Float.class,
              Double.class,
              String.class,
              Object.class)
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private ElementTypes() {}

  static String nameOf(Class<?> type) {
    if (PLAIN.containsValue(type)) {
      return type.getSimpleName();
    }
    ValueType<?> known = ValueTypes.get().ofClass(type);
    if (known != null) {
      return known.label();
    }
    return type.isArray() ? nameOf(type.getComponentType()) + "[]" : Object.class.getSimpleName();
  }

  private static Class<?> ofName(String name) {
    Class<?> plain = PLAIN.get(name);
    if (plain != null) {
      return plain;
    }
    ValueType<?> known = ValueTypes.get().ofLabel(name);
    if (known != null) {
      return known.type();
    }
    return name.endsWith("[]")
        ? ofName(name.substring(0, name.length() - 2)).arrayType()
        : Object.class;
  }

  static List<? extends @Nullable Object> elementsOf(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)).toList();
  }

  static Object array(String elementType, List<? extends @Nullable Object> elements) {
    if (elementType.length() > MAX_NAME) {
      throw new UnreadableValueException("an array of an unknown type");
    }
    Object array = Array.newInstance(ofName(elementType), elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }
}
