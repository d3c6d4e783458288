package io.batchflow.table;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Method handles that read a value from an object. They take an object and return a value, which
 * may be null.
 */
final class Readers {

  /** Returns the object itself. */
  static final MethodHandle IDENTITY = MethodHandles.identity(Object.class);

  private static final MethodType TYPE = MethodType.methodType(Object.class, Object.class);
  private static final MethodHandle NULL =
      MethodHandles.dropArguments(MethodHandles.constant(Object.class, null), 0, Object.class);
  private static final MethodHandle IS_NULL;
  private static final MethodHandle CONVERT;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      IS_NULL =
          lookup.findStatic(
              Objects.class, "isNull", MethodType.methodType(boolean.class, Object.class));
      CONVERT =
          lookup.findStatic(Readers.class, "convert", TYPE.insertParameterTypes(0, Function.class));
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private Readers() {}

  /**
   * Returns the reader of a getter.
   *
   * @param caller who may call the getter
   * @throws IllegalAccessException if the caller may not
   */
  static MethodHandle of(MethodHandles.Lookup caller, Method getter) throws IllegalAccessException {
    return lookup(caller, getter.getDeclaringClass()).unreflect(getter).asType(TYPE);
  }

  /** Prefers the rights of the class itself. */
  private static MethodHandles.Lookup lookup(MethodHandles.Lookup caller, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(type, caller);
    } catch (IllegalAccessException closed) {
      return caller;
    }
  }

  /** Returns the reader that reads from what another has read. It returns null if that is null. */
  static MethodHandle chain(MethodHandle first, MethodHandle second) {
    return MethodHandles.filterReturnValue(
        first, MethodHandles.guardWithTest(IS_NULL, NULL, second));
  }

  /** Returns the reader of a converted value. A null is not converted. */
  static MethodHandle converted(MethodHandle reader, Function<Object, @Nullable Object> by) {
    return MethodHandles.filterReturnValue(reader, CONVERT.bindTo(by));
  }

  static @Nullable Object convert(Function<Object, @Nullable Object> by, @Nullable Object value) {
    return value == null ? null : by.apply(value);
  }
}
