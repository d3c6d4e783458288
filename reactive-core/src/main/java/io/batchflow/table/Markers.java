package io.batchflow.table;

import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Ignore;
import io.batchflow.annotation.Key;
import io.batchflow.spi.ColumnCodec;
import java.lang.annotation.Annotation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the annotations of a property say. Annotations of ours go before others. */
final class Markers {

  private final List<Annotation> annotations;
  private final @Nullable Column column;
  private final @Nullable Annotation foreignColumn;

  Markers(List<Annotation> annotations) {
    this.annotations = annotations;
    this.column = ours(Column.class);
    this.foreignColumn = Foreign.find(annotations, Foreign.COLUMN);
  }

  private <A extends Annotation> @Nullable A ours(Class<A> type) {
    for (Annotation annotation : annotations) {
      if (type.isInstance(annotation)) {
        return type.cast(annotation);
      }
    }
    return null;
  }

  /** Whether the property has a meaning for the mapping. */
  boolean areAny() {
    return column != null || foreignColumn != null || isKey() || isForeignId() || prefix() != null;
  }

  boolean isIgnored() {
    return ours(Ignore.class) != null
        || Foreign.has(annotations, Foreign.IGNORED)
        || (column == null && Foreign.isFalse(foreignColumn, "insertable"));
  }

  boolean isKey() {
    return ours(Key.class) != null;
  }

  /** Whether it is the id of an entity of Spring Data or Jakarta Persistence. */
  boolean isForeignId() {
    return !isKey() && Foreign.has(annotations, Foreign.ID);
  }

  /** Returns the name of the column; empty if none is given. */
  String columnName() {
    return column != null && !column.value().isEmpty()
        ? column.value()
        : Foreign.text(foreignColumn, "value", "name");
  }

  boolean unsetIfNull() {
    return column != null && column.unsetIfNull();
  }

  boolean isUpdatable() {
    return column != null
        ? column.updatable()
        : !Foreign.isFalse(foreignColumn, "updatable")
            && !Foreign.has(annotations, Foreign.INSERT_ONLY);
  }

  /** Returns the class of the codec; null if none is given. */
  @SuppressWarnings("rawtypes")
  @Nullable Class<? extends ColumnCodec> codec() {
    return column == null || column.codec() == ColumnCodec.class ? null : column.codec();
  }

  /** Returns the prefix of the columns of an embedded object; null if it is not embedded. */
  @Nullable String prefix() {
    Embedded embedded = ours(Embedded.class);
    if (embedded != null) {
      return embedded.prefix();
    }
    Annotation foreign = Foreign.find(annotations, Foreign.EMBEDDED);
    return foreign == null ? null : Foreign.text(foreign, "prefix", "value");
  }

  /** Returns the annotation that makes the property a relation between tables, or null. */
  @Nullable Annotation relation() {
    return Foreign.find(annotations, Foreign.RELATION);
  }

  /** Returns an annotation that would change what is stored, but is not read; or null. */
  @Nullable Annotation unread() {
    return Foreign.find(annotations, Foreign.UNREAD);
  }

  /** Whether an enum is stored by its number. Jakarta Persistence does so unless told otherwise. */
  boolean isOrdinal(boolean ofEntity) {
    Annotation enumerated = Foreign.find(annotations, Foreign.ENUMERATED);
    return enumerated == null
        ? ofEntity
        : "ORDINAL".equals(String.valueOf(Foreign.attribute(enumerated, "value")));
  }
}
