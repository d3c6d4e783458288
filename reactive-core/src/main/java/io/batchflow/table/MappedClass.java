package io.batchflow.table;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class whose properties become columns: the mapped class, or one that is embedded in it.
 *
 * @param path what the names of its properties start with
 * @param prefix what the names of its columns start with
 * @param key whether all of its columns belong to the key
 * @param reader one of {@link Readers}: reads its object from an object of the mapped class
 * @param outer the class that it is embedded in; null for the mapped class
 */
record MappedClass(
    Class<?> type,
    String path,
    String prefix,
    boolean key,
    MethodHandle reader,
    @Nullable MappedClass outer) {

  static MappedClass root(Class<?> type) {
    return new MappedClass(type, "", "", false, Readers.IDENTITY, null);
  }

  /** Returns the class of an embedded property. */
  MappedClass embedded(
      String name, Method getter, String prefix, boolean key, MethodHandle reader) {
    return new MappedClass(
        getter.getReturnType(),
        path + name + ".",
        this.prefix + prefix,
        this.key || key,
        reader,
        this);
  }

  /** Returns whether a type has properties of its own. Those of values are no columns. */
  static boolean hasProperties(Class<?> type) {
    return !type.isPrimitive()
        && !type.isArray()
        && !type.isEnum()
        && !type.isAnnotation()
        && !type.getName().startsWith("java.");
  }

  boolean isEmbedded() {
    return outer != null;
  }

  /** Returns whether it is this class, or embedded in it. */
  boolean isWithin(Class<?> other) {
    return type == other || (outer != null && outer.isWithin(other));
  }

  /** Returns whether it is an entity of Jakarta Persistence, whose state is in its fields. */
  boolean isEntity() {
    return Foreign.has(List.of(type.getAnnotations()), Foreign.ENTITY);
  }

  /** Returns what reads a property from an object of the mapped class. */
  MethodHandle reading(MethodHandle getter) {
    return isEmbedded() ? Readers.chain(reader, getter) : getter;
  }
}
