package io.batchflow.table;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.spi.ColumnCodec;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Turns objects into rows of one table.
 *
 * <p>Thread-safe. An exception costs only the object that it was thrown for: its outcome is {@link
 * io.batchflow.OutcomeStatus#INVALID}.
 *
 * @param <T> the type of the objects
 */
public interface RowMapper<T> {

  /** Returns the schema of the rows. Called once for each table of a flow. */
  Schema schema();

  /**
   * Sets the columns of a row. Called on the thread that submits the object, so it must not block.
   *
   * @param row a new row of the schema. A column that is not set stays {@linkplain Row unset}
   */
  void map(T value, Row row);

  /**
   * Sets the columns of the conflict key, for {@link Table#delete}. By default {@linkplain #map
   * maps} the whole object and keeps its key. Override it if the rest of an object may be missing.
   *
   * @param delete a new row that deletes its key: it takes no other columns
   */
  default void mapKey(T value, Row delete) {
    Schema schema = delete.schema();
    Row whole = schema.row();
    map(value, whole);
    for (int i = 0; i < schema.conflictKey().size(); i++) {
      int position = schema.keyPosition(i);
      if (whole.isSet(position)) {
        delete.set(position, whole.value(position));
      }
    }
  }

  /** Returns a mapper that sets columns by a function. */
  static <T> RowMapper<T> of(Schema schema, BiConsumer<? super T, ? super Row> columns) {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(columns, "columns");
    return new RowMapper<>() {
      @Override
      public Schema schema() {
        return schema;
      }

      @Override
      public void map(T value, Row row) {
        columns.accept(value, row);
      }
    };
  }

  /**
   * Returns the mapper of a record or a bean. Each component of a record, and each public getter of
   * a bean, is a column. Annotations of {@link io.batchflow.annotation}, Spring Data and Jakarta
   * Persistence are read. A row that deletes its key is made of the properties of the key alone.
   *
   * @throws io.batchflow.InvalidSchemaException if the class cannot be mapped
   */
  static <T> RowMapper<T> of(Class<T> type) {
    return ClassMapper.of(type);
  }

  /** Starts a mapper of a record or a bean with more than its annotations tell. */
  static <T> Builder<T> builder(Class<T> type) {
    return new Builder<>(type);
  }

  /**
   * Builds a mapper of a record or a bean. What it is given goes before the annotations of the
   * class. A property of an embedded object is named {@code outer.inner}. Not safe for concurrent
   * use.
   */
  final class Builder<T> {

    private final Class<T> type;
    private final MappingOptions options = new MappingOptions();

    private Builder(Class<T> type) {
      this.type = Objects.requireNonNull(type, "type");
    }

    /** Sets the table. Dots separate qualifiers. */
    public Builder<T> table(String name) {
      options.table = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Sets what happens on a conflict. */
    public Builder<T> onConflict(ConflictStrategy strategy) {
      options.onConflict = Objects.requireNonNull(strategy, "strategy");
      return this;
    }

    /** Adds properties to the key, as {@link io.batchflow.annotation.Key} does. */
    public Builder<T> key(String... properties) {
      options.keys.addAll(List.of(properties));
      return this;
    }

    /** Leaves properties out, as {@link io.batchflow.annotation.Ignore} does. */
    public Builder<T> ignore(String... properties) {
      options.ignored.addAll(List.of(properties));
      return this;
    }

    /**
     * Sets how names of columns are made of those of properties, and that of the table of that of
     * the class. Names in annotations stay as they are. Defaults to snake case.
     */
    public Builder<T> naming(UnaryOperator<String> naming) {
      options.naming = Objects.requireNonNull(naming, "naming");
      return this;
    }

    /** Sets the codec of one property. */
    public Builder<T> codec(String property, ColumnCodec<?> codec) {
      options.codecsOfProperties.put(property, Objects.requireNonNull(codec, "codec"));
      return this;
    }

    /** Sets the codec of all properties of a type that have none of their own. */
    public <V> Builder<T> codec(Class<V> type, ColumnCodec<? super V> codec) {
      options.codecsOfTypes.put(type, Objects.requireNonNull(codec, "codec"));
      return this;
    }

    /**
     * Sets who reads the properties: {@code MethodHandles.lookup()} of a class of yours. Needed
     * only if the class is in a module that does not open its package to this library.
     */
    public Builder<T> lookup(MethodHandles.Lookup lookup) {
      options.lookup = Objects.requireNonNull(lookup, "lookup");
      return this;
    }

    /**
     * Builds the mapper.
     *
     * @throws io.batchflow.InvalidSchemaException if the class cannot be mapped
     */
    public RowMapper<T> build() {
      return ClassMapper.of(type, options);
    }
  }
}
