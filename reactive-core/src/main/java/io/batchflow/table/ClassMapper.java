package io.batchflow.table;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps the properties of a class.
 *
 * <p>One method handle reads the properties and sets the columns. It is composed of the getters, so
 * the JIT compiler inlines them all into one method. A loop over one function for each column would
 * cost a virtual call for each.
 */
final class ClassMapper<T> implements RowMapper<T> {

  /** The columns of one handle. A larger one would be too large for the JIT compiler. */
  private static final int COLUMNS = 16;

  private static final ClassValue<RowMapper<?>> CACHE =
      new ClassValue<>() {
        @Override
        protected RowMapper<?> computeValue(Class<?> type) {
          return of(type, new MappingOptions());
        }
      };

  private final Class<?> type;
  private final Schema schema;

  /** Each takes a row and an object, and sets the next columns. */
  private final MethodHandle[] setters;

  /** Likewise, for the columns of the key. */
  private final MethodHandle[] keySetters;

  private ClassMapper(MappingErrors errors, Schema schema, List<MappedColumn> columns) {
    this.type = errors.type();
    this.schema = schema;
    List<MethodHandle> all = new ArrayList<>();
    List<MethodHandle> key = new ArrayList<>();
    for (MappedColumn column : columns) {
      MethodHandle setter = column.setter(errors, all.size());
      all.add(setter);
      if (column.key()) {
        key.add(setter);
      }
    }
    this.setters = composed(all);
    this.keySetters = composed(key);
  }

  private static MethodHandle[] composed(List<MethodHandle> columns) {
    MethodHandle[] composed = new MethodHandle[(columns.size() + COLUMNS - 1) / COLUMNS];
    for (int i = 0; i < composed.length; i++) {
      int to = Math.min(columns.size(), (i + 1) * COLUMNS);
      composed[i] = tree(columns.subList(i * COLUMNS, to));
    }
    return composed;
  }

  /** A tree nests less deeply than a chain. */
  private static MethodHandle tree(List<MethodHandle> columns) {
    int size = columns.size();
    return size == 1
        ? columns.get(0)
        : MethodHandles.foldArguments(
            tree(columns.subList(size / 2, size)), tree(columns.subList(0, size / 2)));
  }

  /** Returns the mapper of a class with its annotations and no other options. */
  @SuppressWarnings("unchecked") // computed of this class
  static <T> RowMapper<T> of(Class<T> type) {
    return (RowMapper<T>) CACHE.get(type);
  }

  static <T> RowMapper<T> of(Class<T> type, MappingOptions options) {
    ClassMapping mapping = new ClassMapping(type, options);
    List<MappedColumn> columns = mapping.columns();
    return new ClassMapper<>(mapping.errors(), mapping.schema(columns), columns);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public void map(T value, Row row) {
    set(setters, row, value);
  }

  @Override
  public void mapKey(T value, Row delete) {
    set(keySetters, delete, value);
  }

  /** The handle throws what {@link ColumnSetter} throws. */
  private static void set(MethodHandle[] setters, Row row, Object value) {
    try {
      for (MethodHandle setter : setters) {
        setter.invokeExact(row, value);
      }
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "RowMapper[" + type.getTypeName() + ", " + schema + "]";
  }
}
