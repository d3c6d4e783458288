package io.batchflow.table;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a mapped class.
 *
 * @param property the property, with those that it is embedded in: {@code address.city}
 * @param reader reads what is stored from an object of the class
 * @param unsetIfNull whether null leaves the column unset
 */
record MappedColumn(
    String name,
    String property,
    Function<Object, @Nullable Object> reader,
    boolean key,
    boolean unsetIfNull,
    boolean updatable) {}
