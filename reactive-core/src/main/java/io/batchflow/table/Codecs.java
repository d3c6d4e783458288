package io.batchflow.table;

import io.batchflow.spi.ColumnCodec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Finds the codec of a property: its own first, then that of its type. */
final class Codecs {

  private final MappingOptions options;
  private final MappingErrors errors;

  Codecs(MappingOptions options, MappingErrors errors) {
    this.options = options;
    this.errors = errors;
  }

  /** Returns the codec of a property; null if it has none. */
  @SuppressWarnings("unchecked") // it is given for this property, or for its type
  @Nullable ColumnCodec<Object> of(String path, Method getter, Markers markers) {
    ColumnCodec<?> codec = options.codecsOfProperties.get(path);
    Class<?> marked = markers.codec();
    if (codec == null && marked != null) {
      codec = instance(path, marked);
    }
    if (codec == null) {
      codec = options.codecsOfTypes.get(getter.getReturnType());
    }
    return (ColumnCodec<Object>) codec;
  }

  private ColumnCodec<?> instance(String path, Class<?> type) {
    try {
      MethodHandle constructor =
          MethodHandles.privateLookupIn(type, options.lookup)
              .findConstructor(type, MethodType.methodType(void.class));
      return (ColumnCodec<?>) constructor.invoke();
    } catch (Throwable thrown) {
      throw errors.of(
          path,
          "has the codec "
              + type.getTypeName()
              + ", which cannot be constructed ("
              + thrown.getClass().getSimpleName()
              + ")",
          "Give it a constructor without parameters, or pass an instance to the builder");
    }
  }
}
