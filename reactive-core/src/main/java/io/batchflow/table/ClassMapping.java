package io.batchflow.table;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.annotation.Table;
import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the table, the columns and the conflict strategy of a class. */
final class ClassMapping {

  private final MappingOptions options;
  private final List<String> table;
  private final ConflictStrategy onConflict;
  private final MappingErrors errors;

  ClassMapping(Class<?> type, MappingOptions options) {
    this.options = options;
    Table ours = type.getAnnotation(Table.class);
    this.table = tableOf(type, ours);
    this.onConflict = strategyOf(ours);
    this.errors = new MappingErrors(type, String.join(".", table));
  }

  private List<String> tableOf(Class<?> type, @Nullable Table ours) {
    String given = options.table != null ? options.table : ours == null ? "" : ours.value();
    if (!given.isEmpty()) {
      return List.of(given.split("\\.", -1));
    }
    List<Annotation> annotations = List.of(type.getAnnotations());
    Annotation foreign = Foreign.find(annotations, Foreign.TABLE);
    String name = Foreign.text(foreign, "name", "value");
    if (name.isEmpty()) {
      String entity = Foreign.text(Foreign.find(annotations, Foreign.ENTITY), "name");
      name = options.naming.apply(entity.isEmpty() ? type.getSimpleName() : entity);
    }
    return Stream.of(Foreign.text(foreign, "catalog"), Foreign.text(foreign, "schema"), name)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private ConflictStrategy strategyOf(@Nullable Table ours) {
    if (options.onConflict != null) {
      return options.onConflict;
    }
    return ours == null ? ConflictStrategy.FAIL : ours.onConflict();
  }

  /** Returns the columns, in order. */
  List<MappedColumn> columns() {
    if (!MappedClass.hasProperties(errors.type())) {
      throw errors.ofClass(
          "is a value, not an object with a property for each column",
          "Use a record or a bean of yours, or write a RowMapper");
    }
    List<MappedColumn> columns =
        new ColumnFinder(options, errors, onConflict == ConflictStrategy.FAIL).find();
    if (columns.isEmpty()) {
      throw errors.ofClass(
          "has no properties", "Make it a record, give it public getters, or write a RowMapper");
    }
    checkDistinct(columns);
    return columns;
  }

  private void checkDistinct(List<MappedColumn> columns) {
    Map<String, String> properties = new HashMap<>();
    for (MappedColumn column : columns) {
      String other = properties.put(column.name(), column.property());
      if (other != null) {
        throw errors.of(
            column.property(),
            "has the column '" + column.name() + "', and so has property '" + other + "'",
            "Name another column with @Column, give an embedded object a prefix, or annotate one of"
                + " them with @Ignore");
      }
    }
  }

  MappingErrors errors() {
    return errors;
  }

  /** Returns the schema of these columns. */
  Schema schema(List<MappedColumn> columns) {
    Schema.Builder schema =
        Schema.tablePath(table.toArray(String[]::new))
            .columns(columns.stream().map(MappedColumn::name).toList())
            .onConflict(onConflict);
    List<String> key = columns.stream().filter(MappedColumn::key).map(MappedColumn::name).toList();
    boolean update = onConflict == ConflictStrategy.UPDATE;
    if (key.isEmpty() && (update || onConflict == ConflictStrategy.REPLACE)) {
      throw errors.ofClass(
          "has no key, which " + onConflict + " needs",
          "Annotate the properties of a unique key with @Key, or use another strategy");
    }
    schema.conflictKey(key);
    List<String> updated =
        columns.stream()
            .filter(column -> !column.key() && column.updatable())
            .map(MappedColumn::name)
            .toList();
    if (update && updated.size() < columns.size() - key.size()) {
      checkUpdates(updated);
      schema.updateColumns(updated.toArray(String[]::new));
    }
    return schema.build();
  }

  /** No update columns would mean all of them. */
  private void checkUpdates(List<String> updated) {
    if (updated.isEmpty()) {
      throw errors.ofClass(
          "has no column that UPDATE may overwrite",
          "Use IGNORE, or leave updatable out for one of its properties");
    }
  }
}
