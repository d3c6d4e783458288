package io.batchflow.table;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which types of properties a column can hold, and what is stored of their values. Numbers, texts,
 * times and the types of drivers are stored as they are.
 */
final class ColumnTypes {

  private static final List<Class<?>> PLAIN =
      List.of(
          Number.class,
          Boolean.class,
          Character.class,
          CharSequence.class,
          UUID.class,
          ByteBuffer.class,
          Date.class);

  /** Packages of values: of the JDK, and of drivers, which know their own types. */
  private static final List<String> PACKAGES =
      List.of(
          "java.time",
          "java.net",
          "java.sql",
          "io.r2dbc",
          "org.postgresql",
          "org.mariadb",
          "com.mysql",
          "io.asyncer",
          "org.h2");

  /** Turns a value, which is not null, into what is stored; it may return null. */
  interface Conversion extends Function<Object, @Nullable Object> {}

  static final Conversion AS_IS = value -> value;

  private final boolean ordinal;

  /**
   * @param ordinal whether enums are stored by their number, not by their name
   */
  ColumnTypes(boolean ordinal) {
    this.ordinal = ordinal;
  }

  /** Returns how values of a type are stored; null if no column can hold them. */
  @Nullable Conversion conversion(Type type) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      Conversion inner = conversion(argument(type));
      return inner == null ? null : value -> ((Optional<?>) value).map(inner).orElse(null);
    }
    if (raw == OptionalInt.class) {
      return value -> ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null;
    }
    if (raw == OptionalLong.class) {
      return value ->
          ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null;
    }
    if (raw == OptionalDouble.class) {
      return value ->
          ((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null;
    }
    return raw.isArray() || Collection.class.isAssignableFrom(raw) ? many(raw, type) : single(raw);
  }

  @SuppressWarnings("EnumOrdinal") // as Jakarta Persistence stores it
  private @Nullable Conversion single(Class<?> raw) {
    if (raw.isEnum()) {
      return ordinal ? value -> ((Enum<?>) value).ordinal() : value -> ((Enum<?>) value).name();
    }
    return isPlain(raw) ? AS_IS : Kotlin.unboxing(raw, this::single);
  }

  /** Arrays and collections of values: columns of arrays hold them. */
  private @Nullable Conversion many(Class<?> raw, Type type) {
    Type element = raw.isArray() ? component(raw, type) : argument(type);
    Conversion each = single(raw(element));
    if (each == null || each == AS_IS) {
      return each;
    }
    return raw.isArray()
        ? value -> Arrays.stream((Object[]) value).map(one -> applied(each, one)).toArray()
        : value -> ((Collection<?>) value).stream().map(one -> applied(each, one)).toArray();
  }

  private static @Nullable Object applied(Conversion each, @Nullable Object one) {
    return one == null ? null : each.apply(one);
  }

  private static boolean isPlain(Class<?> type) {
    return type.isPrimitive()
        || (type.isArray() && isPlain(type.getComponentType()))
        || type == Object.class
        || PLAIN.stream().anyMatch(plain -> plain.isAssignableFrom(type))
        || PACKAGES.stream().anyMatch(name -> isIn(name, type.getPackageName()));
  }

  private static boolean isIn(String parent, String name) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }

  private static Type component(Class<?> raw, Type type) {
    return type instanceof GenericArrayType generic
        ? generic.getGenericComponentType()
        : raw.getComponentType();
  }

  private static Type argument(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[0]
        : Object.class;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType generic) {
      return (Class<?>) generic.getRawType();
    }
    if (type instanceof GenericArrayType array) {
      return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
    }
    Type[] bounds =
        type instanceof TypeVariable<?> variable
            ? variable.getBounds()
            : ((WildcardType) type).getUpperBounds();
    return raw(bounds[0]);
  }
}
