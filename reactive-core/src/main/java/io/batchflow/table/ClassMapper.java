package io.batchflow.table;

import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Maps the properties of a class. */
final class ClassMapper<T> implements RowMapper<T> {

  private static final ClassValue<RowMapper<?>> CACHE =
      new ClassValue<>() {
        @Override
        protected RowMapper<?> computeValue(Class<?> type) {
          return of(type, new MappingOptions());
        }
      };

  private final MappingErrors errors;
  private final Schema schema;
  private final String[] properties;
  private final Function<Object, @Nullable Object>[] readers;
  private final boolean[] unsetIfNull;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of functions
  private ClassMapper(MappingErrors errors, Schema schema, List<MappedColumn> columns) {
    this.errors = errors;
    this.schema = schema;
    this.properties = columns.stream().map(MappedColumn::property).toArray(String[]::new);
    this.readers = columns.stream().map(MappedColumn::reader).toArray(Function[]::new);
    this.unsetIfNull = new boolean[columns.size()];
    for (int i = 0; i < unsetIfNull.length; i++) {
      unsetIfNull[i] = columns.get(i).unsetIfNull();
    }
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
    int column = 0;
    try {
      for (; column < readers.length; column++) {
        Object read = readers[column].apply(value);
        if (read != null || !unsetIfNull[column]) {
          row.set(column, read);
        }
      }
    } catch (InvalidRowException invalid) {
      throw invalid;
    } catch (Throwable thrown) {
      throw errors.unreadable(properties[column], schema.columns().get(column), thrown);
    }
  }

  @Override
  public String toString() {
    return "RowMapper[" + errors.type().getTypeName() + ", " + schema + "]";
  }
}
