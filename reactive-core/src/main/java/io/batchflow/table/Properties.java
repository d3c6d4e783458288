package io.batchflow.table;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the properties of a class: the components of a record, or the getters of a bean. */
final class Properties {

  private Properties() {}

  /**
   * Returns the properties of a class in the order of its fields, then those without a field by
   * name. The order in which a class lists its methods is not defined.
   */
  static List<Property> of(Class<?> type) {
    return type.isRecord() ? components(type) : ofBean(type);
  }

  private static List<Property> components(Class<?> type) {
    Map<String, Field> fields = fields(type);
    List<Property> found = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      found.add(Property.of(name, component.getAccessor(), fields.get(name), component));
    }
    return found;
  }

  private static List<Property> ofBean(Class<?> type) {
    Map<String, Field> fields = fields(type);
    Map<String, Method> getters = new TreeMap<>();
    Arrays.stream(type.getMethods())
        .filter(Properties::isGetter)
        .sorted(Comparator.comparing(Method::getName))
        .forEach(getter -> getters.merge(nameOf(getter, fields), getter, Properties::narrower));
    List<Property> found = new ArrayList<>();
    fields.forEach((name, field) -> found.add(Property.of(name, getters.remove(name), field)));
    getters.forEach((name, getter) -> found.add(Property.of(name, getter, null)));
    return found;
  }

  /** A getter may be declared again with a narrower type. */
  private static Method narrower(Method one, Method other) {
    return one.getReturnType().isAssignableFrom(other.getReturnType()) ? other : one;
  }

  private static boolean isGetter(Method method) {
    String name = method.getName();
    Class<?> type = method.getReturnType();
    return method.getParameterCount() == 0
        && !Modifier.isStatic(method.getModifiers())
        && !method.isSynthetic()
        && method.getDeclaringClass() != Object.class
        && ((startsWith("get", name) && type != void.class)
            || (startsWith("is", name) && (type == boolean.class || type == Boolean.class)));
  }

  private static boolean startsWith(String prefix, String name) {
    return name.startsWith(prefix)
        && name.length() > prefix.length()
        && !Character.isLowerCase(name.charAt(prefix.length()));
  }

  /** A field of Kotlin may have a name with the characters that its compiler appends to others. */
  private static String nameOf(Method getter, Map<String, Field> fields) {
    String name = nameOf(getter.getName(), fields);
    return fields.containsKey(name) ? name : nameOf(Kotlin.unmangled(getter.getName()), fields);
  }

  /** A property of Kotlin may be named {@code isOpen}, and so are its field and its getter. */
  private static String nameOf(String name, Map<String, Field> fields) {
    if (fields.containsKey(name)) {
      return name;
    }
    return Names.decapitalized(name.substring(name.startsWith("is") ? 2 : 3));
  }

  /** Returns the fields of a class and its superclasses, those of the superclasses first. */
  private static Map<String, Field> fields(Class<?> type) {
    Map<String, Field> fields = new LinkedHashMap<>();
    lineage(type)
        .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
        .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
        .forEach(field -> fields.put(field.getName(), field));
    return fields;
  }

  private static Stream<Class<?>> lineage(@Nullable Class<?> type) {
    return type == null || type == Object.class
        ? Stream.empty()
        : Stream.concat(lineage(type.getSuperclass()), Stream.of(type));
  }
}
