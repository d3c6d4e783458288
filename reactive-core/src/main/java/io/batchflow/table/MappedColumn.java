package io.batchflow.table;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * One column of a mapped class.
 *
 * @param property the property, with those that it is embedded in: {@code address.city}
 * @param reader one of {@link Readers}: reads what is stored from an object of the class
 * @param unsetIfNull whether null leaves the column unset
 * @param required the type of a primitive property that may be read as null, since its codec or the
 *     object that it is embedded in may be null; else null
 */
record MappedColumn(
    String name,
    String property,
    MethodHandle reader,
    boolean key,
    boolean unsetIfNull,
    boolean updatable,
    @Nullable Class<?> required) {

  /** Returns the handle that sets the column at a position of the row. */
  MethodHandle setter(MappingErrors errors, int position) {
    return new ColumnSetter(errors, property, name, position, unsetIfNull, required)
        .reading(reader);
  }
}
