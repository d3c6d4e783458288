package io.batchflow.table;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
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

  private ClassMapper(MappingErrors errors, Schema schema, List<MappedColumn> columns) {
    this.type = errors.type();
    this.schema = schema;
    this.setters = new MethodHandle[(columns.size() + COLUMNS - 1) / COLUMNS];
    for (int i = 0; i < setters.length; i++) {
      int to = Math.min(columns.size(), (i + 1) * COLUMNS);
      setters[i] = setter(errors, columns, i * COLUMNS, to);
    }
  }

  /** Composed as a tree, which nests less deeply than a chain. */
  private static MethodHandle setter(
      MappingErrors errors, List<MappedColumn> columns, int from, int to) {
    if (to - from == 1) {
      return columns.get(from).setter(errors, from);
    }
    int middle = (from + to) / 2;
    return MethodHandles.foldArguments(
        setter(errors, columns, middle, to), setter(errors, columns, from, middle));
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
    for (MethodHandle setter : setters) {
      set(setter, row, value);
    }
  }

  /** The handle throws what {@link ColumnSetter} throws. */
  private static void set(MethodHandle setter, Row row, Object value) {
    try {
      setter.invokeExact(row, value);
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
