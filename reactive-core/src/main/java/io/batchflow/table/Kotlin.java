package io.batchflow.table;

import io.batchflow.table.ColumnTypes.Conversion;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Kotlin compiles a value class into. It is read by name, so that this library does not depend
 * on Kotlin.
 */
final class Kotlin {

  private static final String VALUE_CLASS = "kotlin.jvm.JvmInline";

  /**
   * The ends of the getters of UInt, ULong, UByte, UShort, Duration and Result. What such a getter
   * returns is not the value: a large UInt is a negative int.
   */
  private static final Set<String> OWN_TYPES =
      Set.of("-pVg5ArA", "-s-VKNKU", "-w2LRezQ", "-Mh2AYeg", "-UwyO8pc", "-d1pmJ48");

  private Kotlin() {}

  /**
   * Returns the name of a getter as it is in the source. The compiler appends a hash if the
   * property is of a value class, and the name of the module if it is internal.
   */
  static String unmangled(String getter) {
    return getter.split("[-$]", 2)[0];
  }

  /** Returns whether a getter returns the inner form of one of Kotlin's own value classes. */
  static boolean isOwnType(Method getter) {
    String name = getter.getName();
    return OWN_TYPES.contains(name.substring(unmangled(name).length()));
  }

  /**
   * Returns how an object of a value class is stored, which is as the value in it; null if the type
   * is none, or is Kotlin's own, or holds what no column can hold.
   */
  static @Nullable Conversion unboxing(
      Class<?> type, Function<Class<?>, @Nullable Conversion> inner) {
    if (type.getName().startsWith("kotlin.") || !isValueClass(type)) {
      return null;
    }
    try {
      Method unbox = type.getMethod("unbox-impl");
      MethodHandle reader = Readers.of(MethodHandles.lookup(), unbox);
      Conversion stored = inner.apply(unbox.getReturnType());
      return stored == null ? null : value -> stored.apply(unboxed(reader, value));
    } catch (NoSuchMethodException | IllegalAccessException closed) {
      return null;
    }
  }

  private static boolean isValueClass(Class<?> type) {
    return Arrays.stream(type.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType().getName().equals(VALUE_CLASS));
  }

  private static Object unboxed(MethodHandle reader, Object value) {
    try {
      return (Object) reader.invokeExact(value);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
