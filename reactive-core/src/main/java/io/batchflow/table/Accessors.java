package io.batchflow.table;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes functions of getters. {@link LambdaMetafactory} makes them as fast as code that calls the
 * getter. Where it cannot, for example in a native image, a {@link MethodHandle} is called.
 */
final class Accessors {

  private static final MethodType GENERIC = MethodType.methodType(Object.class, Object.class);
  private static final MethodType FACTORY = MethodType.methodType(Function.class);

  private Accessors() {}

  /**
   * Returns the function of a getter.
   *
   * @param caller who may call the getter
   * @throws IllegalAccessException if the caller may not
   */
  static Function<Object, @Nullable Object> of(MethodHandles.Lookup caller, Method getter)
      throws IllegalAccessException {
    MethodHandles.Lookup lookup = lookup(caller, getter.getDeclaringClass());
    MethodHandle handle = lookup.unreflect(getter);
    try {
      return made(lookup, handle);
    } catch (Throwable cannotBeMade) {
      return called(handle.asType(GENERIC));
    }
  }

  /** Prefers the rights of the class itself, since the function then lives beside it. */
  private static MethodHandles.Lookup lookup(MethodHandles.Lookup caller, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(type, caller);
    } catch (IllegalAccessException closed) {
      return caller;
    }
  }

  @SuppressWarnings("unchecked")
  private static Function<Object, @Nullable Object> made(
      MethodHandles.Lookup lookup, MethodHandle handle) throws Throwable {
    return (Function<Object, @Nullable Object>)
        LambdaMetafactory.metafactory(
                lookup, "apply", FACTORY, GENERIC, handle, handle.type().wrap())
            .getTarget()
            .invoke();
  }

  /** A handle that is no constant is still compiled, but not into its caller. */
  static Function<Object, @Nullable Object> called(MethodHandle handle) {
    return value -> {
      try {
        return handle.invokeExact(value);
      } catch (Throwable thrown) {
        throw Accessors.<RuntimeException>unwrapped(thrown);
      }
    };
  }

  /** Lets a checked exception through as it is, as the other kind of function does. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // so that it counts as unchecked
  private static <X extends Throwable> X unwrapped(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
