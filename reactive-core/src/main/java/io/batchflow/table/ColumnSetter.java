package io.batchflow.table;

import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Sets one column of a row. A record, since the JIT compiler treats only the fields of records as
 * constants.
 *
 * @param required the type of a primitive property, whose value cannot be null; else null
 */
record ColumnSetter(
    MappingErrors errors,
    String property,
    String column,
    int position,
    boolean unsetIfNull,
    @Nullable Class<?> required) {

  private static final MethodHandle SET;
  private static final MethodHandle FAIL;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      SET =
          lookup.findVirtual(
              ColumnSetter.class,
              "set",
              MethodType.methodType(void.class, Row.class, Object.class));
      FAIL =
          lookup.findVirtual(
              ColumnSetter.class, "fail", MethodType.methodType(void.class, Throwable.class));
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** Returns a handle that takes a row and an object, and sets the column to what is read of it. */
  MethodHandle reading(MethodHandle reader) {
    MethodHandle set = MethodHandles.filterArguments(SET.bindTo(this), 1, reader);
    return MethodHandles.catchException(set, Throwable.class, FAIL.bindTo(this));
  }

  void set(Row row, @Nullable Object read) {
    if (read != null) {
      row.set(position, read);
    } else if (required != null) {
      throw errors.missing(property, column, required);
    } else if (!unsetIfNull) {
      row.set(position, null);
    }
  }

  void fail(Throwable thrown) {
    throw thrown instanceof InvalidRowException invalid
        ? invalid
        : errors.unreadable(property, column, thrown);
  }
}
