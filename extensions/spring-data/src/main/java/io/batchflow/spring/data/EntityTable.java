package io.batchflow.spring.data;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionService;
import org.springframework.data.mapping.PersistentPropertyAccessor;
import org.springframework.data.r2dbc.core.ReactiveDataAccessStrategy;
import org.springframework.data.r2dbc.mapping.OutboundRow;
import org.springframework.data.relational.core.mapping.RelationalPersistentEntity;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.sql.SqlIdentifier;
import org.springframework.r2dbc.core.Parameter;

/** The rows of one class of entities. Thread-safe. */
@SuppressWarnings("deprecation") // The template offers nothing else to convert an entity.
final class EntityTable {

  /** The columns come from the row, as callbacks and converters may add or remove some. */
  private record Shape(Intent intent, List<String> columns, boolean generatesId) {}

  private final RelationalPersistentEntity<?> entity;
  private final ReactiveDataAccessStrategy strategy;
  private final List<String> path;
  private final List<String> idColumns;
  private final List<String> insertOnly;
  private final @Nullable InvalidRowException unmappable;
  private final Map<Shape, Schema> schemas = new ConcurrentHashMap<>();

  /** Its rows lack a required column, so that the flow counts them as invalid. */
  private final Schema refused;

  EntityTable(RelationalPersistentEntity<?> entity, ReactiveDataAccessStrategy strategy) {
    this.entity = entity;
    this.strategy = strategy;
    this.path = names(entity.getQualifiedTableName());
    this.idColumns =
        strategy.getIdentifierColumns(entity.getType()).stream()
            .map(SqlIdentifier::getReference)
            .toList();
    List<String> insertOnly = new ArrayList<>();
    entity.forEach(
        property -> {
          if (property.isInsertOnly()) {
            insertOnly.add(property.getColumnName().getReference());
          }
        });
    this.insertOnly = insertOnly;
    this.unmappable = unmappable();
    this.refused =
        Schema.tablePath(path.toArray(String[]::new)).columns("entity").required("entity").build();
  }

  private static List<String> names(SqlIdentifier identifier) {
    List<String> names = new ArrayList<>();
    identifier.forEach(part -> names.add(part.getReference()));
    return names;
  }

  SqlIdentifier name() {
    return entity.getQualifiedTableName();
  }

  String table() {
    return String.join(".", path);
  }

  boolean isNew(Object given) {
    return entity.isNew(given);
  }

  private InvalidRowException invalid(@Nullable String column, String problem, String remedy) {
    return new InvalidRowException(table(), column, problem, remedy);
  }

  private InvalidRowException unusable(
      RelationalPersistentProperty property, String problem, String remedy) {
    return invalid(
        property.getColumnName().getReference(),
        "the property '"
            + property.getName()
            + "' of "
            + entity.getType().getName()
            + " is "
            + problem,
        remedy);
  }

  private @Nullable InvalidRowException unmappable() {
    for (RelationalPersistentProperty property : entity) {
      Class<?> type = property.getType();
      boolean converted = strategy.getConverter().getTargetType(type) != type;
      if (property.isWritable()
          && !property.isEmbedded()
          && !converted
          && (property.isEntity() || property.isMap())) {
        return unusable(
            property,
            "a relation, which has no column",
            "Mark it @Transient and write it by a repository of its own, or register a writing"
                + " converter for "
                + type.getName());
      }
    }
    return null;
  }

  /** Throws if no entity of the class can be written in this way. */
  void check(Intent intent) {
    if (unmappable != null) {
      throw unmappable;
    }
    if (intent != Intent.UPSERT) {
      return;
    }
    if (idColumns.isEmpty()) {
      throw invalid(
          null,
          "an upsert finds its row by the id, and " + entity.getType().getName() + " has no @Id",
          "Mark the property of the key with @Id, or use insertAll");
    }
    RelationalPersistentProperty version = entity.getVersionProperty();
    if (version != null) {
      throw unusable(
          version,
          "a @Version, and a batch has no optimistic locking",
          "Update the entity with save, or insert it with insertAll");
    }
  }

  /** Returns a new entity with its first version, as Spring Data sets it. */
  <S> S withFirstVersion(S given) {
    RelationalPersistentProperty version = entity.getVersionProperty();
    return version == null
        ? given
        : with(given, version, version.getType().isPrimitive() ? 1L : 0L);
  }

  <S> S withId(S given, @Nullable Object id) {
    return id == null ? given : with(given, entity.getRequiredIdProperty(), id);
  }

  @SuppressWarnings("unchecked") // the bean of the accessor has the class of the entity
  private <S> S with(S given, RelationalPersistentProperty property, Object value) {
    ConversionService conversions = strategy.getConverter().getConversionService();
    PersistentPropertyAccessor<Object> accessor =
        ((RelationalPersistentEntity<Object>) entity).getPropertyAccessor(given);
    accessor.setProperty(property, conversions.convert(value, property.getType()));
    return (S) accessor.getBean();
  }

  /** Converts an entity. Leaves out an id that is not set. */
  OutboundRow outbound(Object given) {
    OutboundRow outbound = strategy.getOutboundRow(given);
    for (SqlIdentifier column : List.copyOf(outbound.keySet())) {
      Parameter value = outbound.get(column);
      if (idColumns.contains(column.getReference())
          && (value == null || isUnset(value.getValue()))) {
        outbound.remove(column);
      }
    }
    return outbound;
  }

  /** To Spring Data, a single id of 0 is one that the database is to generate. */
  private boolean isUnset(@Nullable Object id) {
    return id == null
        || (id instanceof Number number
            && number.longValue() == 0
            && !entity.getRequiredIdProperty().isEmbedded());
  }

  <S> Row row(S given, S saved, OutboundRow outbound, Intent intent) {
    List<String> columns = new ArrayList<>(outbound.size() + 1);
    for (SqlIdentifier column : outbound.keySet()) {
      columns.add(column.getReference());
    }
    String missing =
        idColumns.stream().filter(id -> !columns.contains(id)).findFirst().orElse(null);
    if (missing != null && !isGenerated(intent)) {
      throw invalid(
          missing,
          (intent == Intent.UPSERT
                  ? "an upsert finds its row by the id"
                  : "the database generates no embedded id")
              + ", and the id of the "
              + entity.getType().getName()
              + " is not set",
          "Set the @Id property '"
              + entity.getRequiredIdProperty().getName()
              + (intent == Intent.UPSERT ? "', or use insertAll" : "'"));
    }
    if (missing != null) {
      columns.add(missing);
    }
    Schema schema =
        schemas.computeIfAbsent(new Shape(intent, columns, missing != null), this::schema);
    Row row = schema.row().tag(new Prepared<>(given, saved, outbound, this, missing, null));
    int position = 0;
    for (Parameter value : outbound.values()) {
      // Like an insert of Spring Data: a null leaves the default of the column.
      if (value.hasValue() || intent == Intent.UPSERT) {
        row.set(position, value.getValue());
      }
      position++;
    }
    return row;
  }

  /** Returns whether the database may generate an id that is not set. */
  private boolean isGenerated(Intent intent) {
    return intent == Intent.INSERT && !entity.getRequiredIdProperty().isEmbedded();
  }

  <S> Row refusedRow(S given, InvalidRowException refusal) {
    return refused.row().tag(Prepared.refused(given, this, refusal));
  }

  private Schema schema(Shape shape) {
    Schema.Builder schema = Schema.tablePath(path.toArray(String[]::new)).columns(shape.columns);
    if (shape.generatesId) {
      schema.returning(idColumns.get(0));
    }
    if (shape.intent == Intent.INSERT) {
      return schema.build();
    }
    List<String> updated = new ArrayList<>(shape.columns);
    updated.removeAll(idColumns);
    updated.removeAll(insertOnly);
    schema.conflictKey(idColumns);
    return updated.isEmpty()
        ? schema.onConflict(ConflictStrategy.IGNORE).build()
        : schema
            .onConflict(ConflictStrategy.UPDATE)
            .updateColumns(updated.toArray(String[]::new))
            .build();
  }
}
